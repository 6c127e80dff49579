"""What a brand types in the composer: the usage and the looks.

A form checks what was typed and keeps every character of it; the services check again what may be done.
"""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator, RegexValidator
from django.http import QueryDict
from django.utils import timezone

from apps.bookings.models import LONGEST_BRIEF, MOST_PICTURES, Booking, Look
from apps.bookings.scenes import SCENES
from apps.common.territories import COUNTRIES, REGIONS, WORLD, country_name
from apps.common.vocabulary import Category, Exclusivity, Format, Medium, Window

LATEST_START = timedelta(days=730)  # nobody plans a licence further ahead, and dates stay within the calendar
MARKETS: frozenset[str] = frozenset[str]().union(*(countries for _, countries in REGIONS.values()))

# Colours a set can be asked for by name; any other is typed as a hex code.
PALETTE = (
    ("", "As the scene has it"),
    ("#c8102e", "Signal red"),
    ("#e4572e", "Vermilion"),
    ("#e9b949", "Saffron"),
    ("#5f7350", "Moss"),
    ("#1f7f86", "Petrol"),
    ("#24418e", "Ultramarine"),
    ("#86b1cf", "Sky"),
    ("#d9a5a0", "Blush"),
    ("#ece5d8", "Bone"),
    ("#34312f", "Graphite"),
)


def long_text(limit: int, rows: int, **attrs: str) -> forms.CharField:
    """A text whose length is checked here and not cut by the browser: a pasted text is never lost silently."""
    too_long = MaxLengthValidator(limit, f"At most {limit:,} characters; this has %(show_value)s.")
    return forms.CharField(
        required=False, strip=False, validators=[too_long], widget=forms.Textarea(attrs={"rows": rows, **attrs})
    )


def priced(**attrs: str) -> dict[str, str]:
    """Marks a field that the live price depends on."""
    return {"data-priced": "", **attrs}


class UsageForm(forms.Form):
    """What the licence allows. `territories` gathers regions and single countries into one list.

    (`media` means scripts and styles in a Django form, so the field is called `medium`.)
    """

    title = forms.CharField(max_length=120, label="Name of the booking")
    medium = forms.MultipleChoiceField(
        choices=Medium.choices,
        widget=forms.CheckboxSelectMultiple(attrs=priced()),
        label="Where the pictures appear",
        help_text="Several add up.",
        error_messages={"required": "Choose at least one."},
    )
    regions = forms.MultipleChoiceField(
        choices=[(key, name) for key, (name, _) in REGIONS.items()] + [(WORLD, "Worldwide")],
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs=priced()),
        label="Regions",
    )
    countries = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple(attrs=priced()), label="Countries"
    )
    further_country = forms.ChoiceField(required=False, widget=forms.Select(attrs=priced()), label="Another country")
    window_months = forms.TypedChoiceField(
        choices=Window.choices, coerce=int, widget=forms.RadioSelect(attrs=priced()), label="For how long"
    )
    starts_on = forms.DateField(
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs=priced(type="date")),
        label="First day",
        help_text="Empty: the day the pictures are delivered.",
    )
    exclusivity = forms.ChoiceField(
        choices=Exclusivity.choices, widget=forms.RadioSelect(attrs=priced()), label="Exclusivity"
    )
    category = forms.ChoiceField(
        choices=Category.choices, widget=forms.Select(attrs=priced()), label="What the pictures sell"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: frozenset[str] = self._named_countries()
        names = sorted((country_name(code), code) for code in MARKETS | chosen)
        further = sorted((country_name(code), code) for code in COUNTRIES - MARKETS - chosen)
        self.fields["countries"].choices = [(code, name) for name, code in names]  # type: ignore[attr-defined]
        self.fields["further_country"].choices = [("", "None")] + [  # type: ignore[attr-defined]
            (code, name) for name, code in further
        ]

    def _named_countries(self) -> frozenset[str]:
        """Countries that stand in the list although they belong to no named region."""
        named = (
            self.data.getlist("countries") if isinstance(self.data, QueryDict) else self.initial.get("countries", [])
        )
        return frozenset(named) & COUNTRIES

    def clean_starts_on(self) -> Any:
        day = self.cleaned_data["starts_on"]
        today = timezone.localdate()
        if day and day < today:
            raise forms.ValidationError("The licence cannot start in the past.")
        if day and day > today + LATEST_START:
            raise forms.ValidationError("Choose a day within the next two years.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        territories = territories_from(
            cleaned.get("regions", []), [*cleaned.get("countries", []), cleaned.get("further_country", "")]
        )
        if not territories and not {"regions", "countries", "further_country"} & set(self.errors):
            self.add_error("regions", "Choose at least one region or country.")
        cleaned["territories"] = territories
        return cleaned

    @property
    def draft_fields(self) -> dict[str, Any]:
        """The cleaned fields as the draft keeps them."""
        names = ("title", "territories", "window_months", "starts_on", "exclusivity", "category")
        return {name: self.cleaned_data[name] for name in names} | {"media": self.cleaned_data["medium"]}


def territories_from(regions: list[str], countries: list[str]) -> list[str]:
    """Regions opened into their countries; worldwide swallows everything."""
    if WORLD in regions:
        return [WORLD]
    found = {code for code in countries if code}
    for region in regions:
        found |= REGIONS[region][1]
    return sorted(found)


def usage_initial(booking: Booking) -> dict[str, Any]:
    """The draft as the form shows it: whole regions by name, the widest first, the rest as countries."""
    left = set(booking.territories)
    regions = [WORLD] if WORLD in left else []
    for key, (_, countries) in sorted(REGIONS.items(), key=lambda item: -len(item[1][1])):
        if countries <= left:
            regions.append(key)
            left -= countries
    return {
        "title": booking.title,
        "medium": booking.media,
        "regions": regions,
        "countries": sorted(left - {WORLD}),
        "window_months": booking.window_months,
        "starts_on": booking.starts_on,
        "exclusivity": booking.exclusivity,
        "category": booking.category,
    }


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFiles(forms.FileField):
    """Any number of uploads in one field; cleaned, a list."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        return [super(ManyFiles, self).clean(upload, initial) for upload in data or []]


class LookForm(forms.Form):
    """One outfit or scene. `colour` of the result is the typed code, else the chosen one."""

    title = forms.CharField(max_length=80, label="Name of the look")
    scene = forms.ChoiceField(
        choices=[(scene.name, scene.title) for scene in SCENES], widget=forms.RadioSelect, label="Scene"
    )
    pictures = forms.IntegerField(
        min_value=1,
        max_value=MOST_PICTURES,
        widget=forms.NumberInput(attrs=priced(inputmode="numeric")),
        label="Pictures",
        error_messages={
            "invalid": "A whole number, please.",
            "min_value": "At least one picture.",
            "max_value": f"At most {MOST_PICTURES} pictures in one look.",
        },
    )
    format = forms.ChoiceField(choices=Format.choices, widget=forms.RadioSelect, label="Format")
    brief = long_text(LONGEST_BRIEF, 4, placeholder="What should be seen, felt, avoided?")
    colour = forms.ChoiceField(choices=PALETTE, required=False, widget=forms.RadioSelect, label="Colour of the set")
    own_colour = forms.CharField(
        required=False,
        label="Your own colour",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", "A colour like #c8102e.")],
        widget=forms.TextInput(attrs={"placeholder": "#c8102e", "autocomplete": "off", "spellcheck": "false"}),
    )
    light = forms.ChoiceField(
        choices=[("", "As the scene has it"), *Look._meta.get_field("light").choices],  # type: ignore[misc]
        required=False,
        widget=forms.RadioSelect,
        label="Light",
    )
    crop = forms.ChoiceField(
        choices=[("", "As the scene has it"), *Look._meta.get_field("crop").choices],  # type: ignore[misc]
        required=False,
        widget=forms.RadioSelect,
        label="Crop",
    )
    product = ManyFiles(
        required=False,
        label="Pictures of your product",
        help_text="JPEG, PNG, WebP or HEIC, up to 30 MB each. The model sees them with your request.",
        widget=ManyFilesInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/heic"}),
    )

    @property
    def look_fields(self) -> dict[str, Any]:
        """The cleaned fields as the look keeps them; the upload apart."""
        fields = {
            name: self.cleaned_data[name] for name in ("title", "scene", "pictures", "format", "brief", "light", "crop")
        }
        return fields | {"colour": self.cleaned_data["own_colour"] or self.cleaned_data["colour"]}

    @property
    def products(self) -> list[bytes]:
        """The uploaded pictures of the product, to be added to those that are there."""
        return [upload.read() for upload in self.cleaned_data["product"]]


def look_initial(look: Look) -> dict[str, Any]:
    named = look.colour in dict(PALETTE)
    return {
        "title": look.title,
        "scene": look.scene,
        "pictures": look.pictures,
        "format": look.format,
        "brief": look.brief,
        "colour": look.colour if named else "",
        "own_colour": "" if named else look.colour,
        "light": look.light,
        "crop": look.crop,
    }


def new_look_initial(number: int) -> dict[str, Any]:
    return {
        "title": f"Look {number}",
        "scene": SCENES[0].name,
        "pictures": 4,
        "format": Format.PORTRAIT.value,
        "colour": "",
        "light": "",
        "crop": "",
    }
