"""Forms of agencies and brands. Field names are those of services.Details, so that a refusal finds its field."""

from typing import Any

from django import forms

from apps.accounts.models import User
from apps.common.territories import COUNTRIES, country_name
from apps.common.vocabulary import CURRENCIES, Category
from apps.organizations.models import Organization
from apps.organizations.permissions import ROLE_WORDS
from apps.organizations.services.checking import LONGEST_REASON
from apps.organizations.services.registering import Details


def countries() -> list[tuple[str, str]]:
    """All of them by name, with an empty line first: nobody is taken for French because France stands there."""
    return [("", "Choose"), *sorted(((code, country_name(code)) for code in COUNTRIES), key=lambda row: row[1])]


class DecisionForm(forms.Form):
    """Staff: why an agency or a brand is approved, refused, or taken its check back."""

    reason = forms.CharField(
        max_length=LONGEST_REASON,
        help_text="The owners read it, word for word.",
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
        error_messages={"required": "Say why. The owners read it."},
    )


class CreditForm(DecisionForm):
    """Staff: how much a brand may have open on invoices."""

    limit = forms.DecimalField(
        min_value=0, max_digits=9, decimal_places=2, help_text="In the brand's currency; 0 ends the credit."
    )
    field_order = ["limit", "reason"]

    def limit_minor(self) -> int:
        """All our currencies have two decimal places."""
        return int(self.cleaned_data["limit"] * 100)


class DetailsForm(forms.Form):
    """What an agency says of itself."""

    name = forms.CharField(label="Name", max_length=120, help_text="As people know you.")
    legal_name = forms.CharField(label="Legal name", max_length=200, help_text="As the register has it.")
    registration_number = forms.CharField(
        label="Registration number", max_length=60, help_text="In the company register."
    )
    country = forms.ChoiceField(label="Country", choices=countries)
    vat_number = forms.CharField(label="VAT number", max_length=40, required=False)
    contact_email = forms.EmailField(label="Contact e-mail", help_text="For us, and on invoices. Not shown to others.")
    contact_phone = forms.CharField(
        label="Contact phone", max_length=30, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )
    currency = forms.ChoiceField(label="Currency", choices=[(code, code) for code in CURRENCIES])
    about = forms.CharField(
        label="About you", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One or two sentences that models and partners read.",
    )  # fmt: skip

    def details(self) -> Details:
        return Details(**self.cleaned_data)


class BrandDetailsForm(DetailsForm):
    """A brand says besides what it sells and against whom. The VAT number is asked for in the EU."""

    category = forms.ChoiceField(
        label="Main category", choices=[("", "Choose"), *Category.choices], help_text="What you sell most of."
    )
    competitor_group = forms.CharField(
        label="Competitor group",
        max_length=40,
        help_text="An exclusivity keeps brands of the same group out. Choose one, or name your own.",
        widget=forms.TextInput(attrs={"list": "groups", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vat_number"].help_text = "With its country code. Needed in the EU; checked for its form."

    def groups(self) -> list[str]:
        """The groups that there are."""
        rows = Organization.objects.filter(kind=Organization.Kind.BRAND).exclude(competitor_group="")
        return list(rows.order_by("competitor_group").values_list("competitor_group", flat=True).distinct())


FORMS: dict[str, type[DetailsForm]] = {"agency": DetailsForm, "brand": BrandDetailsForm}


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="Role", error_messages={"required": "Choose a role."})

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role, words.label) for role, words in ROLE_WORDS[kind].items()]  # type: ignore[attr-defined]


class InviteForm(RoleForm):
    """The role with the fewest rights stands there first: more is given on purpose."""

    email = forms.EmailField(label="E-mail address", error_messages={"required": "Enter an e-mail address."})
    field_order = ["email", "role"]

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, kind=kind, **kwargs)
        self.fields["role"].initial = list(ROLE_WORDS[kind])[-1]


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class AbsenceForm(forms.Form):
    """From when to when, both days included, and who stands in."""

    starts_on = forms.DateField(label="First day", widget=_day(), error_messages={"required": "Enter the first day."})
    ends_on = forms.DateField(label="Last day", widget=_day(), error_messages={"required": "Enter the last day."})
    deputy = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="Who stands in",
        empty_label="Choose a colleague",
        help_text="A colleague who answers requests too.",
        error_messages={
            "required": "Choose a colleague.",
            "invalid_choice": "Choose a colleague who answers requests too.",
        },
    )

    def __init__(self, *args: Any, deputies: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deputies = deputies
        rows = User.objects.filter(pk__in=[person.pk for person in deputies]).order_by("name", "email")
        self.fields["deputy"].queryset = rows  # type: ignore[attr-defined]
