"""Agencies and brands register: what they say of themselves, and what happens when they say something else later."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import Event
from apps.common.errors import InvalidInput, NotAllowed, Refused
from apps.organizations.models import Organization
from apps.organizations.services import change_details, register
from apps.organizations.vat import checked_vat_number
from tests.factories.clients import signed_in
from tests.factories.joining import ABOUT_A_BRAND, ABOUT_AN_AGENCY, agency_details, brand_details, newcomer
from tests.factories.people import Person, acting, make_member, make_organization, make_user

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


class TestRegistering:
    def test_who_registers_owns_an_unchecked_brand(self) -> None:
        vera = newcomer()
        brand = register(by=vera, kind="brand", details=brand_details())
        assert brand.checked_at is None
        assert (brand.slug, brand.vat_number) == ("halden-rye", "DE136695976")
        assert [(row.user, row.role) for row in brand.memberships.all()] == [(vera, "owner")]
        assert Event.objects.latest("seq").kind == "organization.registered"

    def test_without_a_confirmed_address_nobody_registers(self) -> None:
        with pytest.raises(Refused, match="Confirm your e-mail address"):
            register(by=make_user("vera"), kind="brand", details=brand_details())
        assert not Organization.objects.exists()

    def test_a_form_sent_twice_makes_one_party(self) -> None:
        vera = newcomer()
        register(by=vera, kind="agency", details=agency_details())
        with pytest.raises(InvalidInput) as caught:
            register(by=vera, kind="agency", details=agency_details(legal_name="élan models sas"))
        assert caught.value.field == "legal_name"
        assert Organization.objects.count() == 1

    def test_names_may_meet_addresses_do_not(self) -> None:
        first = register(by=newcomer("vera"), kind="agency", details=agency_details())
        second = register(by=newcomer("otto"), kind="agency", details=agency_details())
        third = register(by=newcomer("ines"), kind="agency", details=agency_details(name="東京"))
        assert [first.slug, second.slug, third.slug] == ["elan-models", "elan-models-2", "agency"]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""),
            ("registration_number", "  "),
            ("country", "XX"),
            ("currency", "BTC"),
            ("category", "weapons"),
            ("competitor_group", "!!!"),
            ("vat_number", "DE136695977"),
            ("vat_number", ""),
            ("name", "x" * 121),
        ],
    )
    def test_what_cannot_be_right_is_refused_with_its_field(self, field: str, value: str) -> None:
        with pytest.raises(InvalidInput) as caught:
            register(by=newcomer(), kind="brand", details=brand_details(**{field: value}))
        assert caught.value.field == field

    def test_an_agency_has_neither_category_nor_competitors(self) -> None:
        told = agency_details(category="fashion", competitor_group="premium")
        agency = register(by=newcomer(), kind="agency", details=told)
        assert (agency.category, agency.competitor_group) == ("", "")


class TestVatNumbers:
    @pytest.mark.parametrize(
        ("country", "typed", "kept"),
        [
            ("DE", "de 136.695.976", "DE136695976"),
            ("DE", "136695976", "DE136695976"),
            ("FR", "FR 40 303 265 045", "FR40303265045"),
            ("GR", "EL 094259216", "EL094259216"),
            ("SE", "SE 556012-5790 01", "SE556012579001"),
            ("NL", "NL810433941B01", "NL810433941B01"),
            ("GB", "GB 980 7806 84", "GB980780684"),
            ("CH", "CHE-107.787.577 IVA", "CHE107787577IVA"),
            ("NO", "NO 995 525 828 MVA", "NO995525828MVA"),
            ("US", "12-3456789", "12-3456789"),
            ("GB", "", ""),
            ("US", "", ""),
        ],
    )
    def test_form_and_checksum_hold(self, country: str, typed: str, kept: str) -> None:
        assert checked_vat_number(typed, country=country, required=True) == kept

    @pytest.mark.parametrize(
        ("country", "typed"),
        [
            ("FR", "DE136695976"),  # another country's
            ("DE", "DE136695977"),  # one digit wrong
            ("DE", "DE12"),
            ("GB", "GB980780685"),
            ("CH", "CHE-107.787.578 IVA"),
            ("NO", "995525829MVA"),
            ("US", "1" * 21),
        ],
    )
    def test_a_wrong_one_is_refused_with_its_field(self, country: str, typed: str) -> None:
        with pytest.raises(InvalidInput) as caught:
            checked_vat_number(typed, country=country, required=False)
        assert caught.value.field == "vat_number"

    def test_companies_of_the_union_need_one(self) -> None:
        with pytest.raises(InvalidInput, match="in the EU"):
            checked_vat_number(" ", country="IT", required=True)
        assert checked_vat_number(" ", country="IT", required=False) == ""


class TestTheWayIn:
    def test_who_acts_for_nobody_lands_where_she_can_begin(self) -> None:
        client = client_of(newcomer())
        assert client.get(reverse("landing")).headers["Location"] == reverse("begin")
        page = client.get(reverse("begin")).content.decode()
        assert reverse("register_agency") in page and reverse("register_brand") in page

    def test_a_registered_brand_is_acted_for_at_once_and_reads_what_waits(self) -> None:
        client = client_of(newcomer())
        answer = client.post(reverse("register_brand"), ABOUT_A_BRAND)
        assert answer.headers["Location"] == reverse("landing")
        page = client.get(reverse("brand_home")).content.decode()
        assert "Halden &amp; Rye is not checked yet." in page
        assert "comes after the check" in page or "come after the check" in page

    def test_a_registered_agency_reads_what_waits_on_its_desk(self) -> None:
        client = client_of(newcomer())
        client.post(reverse("register_agency"), ABOUT_AN_AGENCY)
        assert "is not checked yet." in client.get(reverse("agency_desk")).content.decode()

    def test_a_wrong_number_comes_back_with_all_that_was_typed(self) -> None:
        client = client_of(newcomer())
        answer = client.post(reverse("register_brand"), ABOUT_A_BRAND | {"vat_number": "DE1"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "This is no VAT number of Germany" in page and "HRB 123456 B" in page

    def test_every_empty_field_is_told_at_once(self) -> None:
        answer = client_of(newcomer()).post(reverse("register_agency"), {})
        assert answer.status_code == 422
        assert answer.content.decode().count("errorlist") >= 6

    def test_an_account_without_a_name_is_asked_for_one(self) -> None:
        vera = newcomer()
        vera.name = ""
        vera.save()
        client = client_of(vera)
        assert client.post(reverse("register_brand"), ABOUT_A_BRAND).status_code == 422
        client.post(reverse("register_brand"), ABOUT_A_BRAND | {"person": "Vera Lind"})
        vera.refresh_from_db()
        assert vera.name == "Vera Lind"

    def test_an_address_that_is_not_confirmed_leads_to_the_addresses(self) -> None:
        answer = client_of(make_user("vera")).post(reverse("register_brand"), ABOUT_A_BRAND)
        assert answer.headers["Location"] == reverse("account_email")
        assert not Organization.objects.exists()


class TestChangingDetails:
    @pytest.fixture
    def owner(self) -> Person:
        vera = newcomer()
        brand = register(by=vera, kind="brand", details=brand_details())
        brand.checked_at = brand.created_at
        brand.save()
        return Person(vera, acting(vera, brand.party, "brand", brand.memberships.get().permissions))

    @pytest.mark.parametrize(
        "change",
        [
            {"legal_name": "Halden AG"},
            {"country": "AT", "vat_number": "ATU13585627"},
            {"registration_number": "HRB 1"},
            {"category": "lingerie"},
            {"competitor_group": "nobody-like-us"},
        ],
    )
    def test_what_was_checked_and_is_different_is_checked_again(self, owner: Person, change: dict[str, str]) -> None:
        brand = Organization.objects.get()
        saved = change_details(by=owner.actor, organization=brand, details=brand_details(**change))
        assert saved.checked_at is None
        assert brand.checks.get().decision == "changed"

    def test_a_new_telephone_number_leaves_the_check(self, owner: Person) -> None:
        told = brand_details(contact_phone="+49 30 7654321", about="Coats.", name="Halden")
        saved = change_details(by=owner.actor, organization=Organization.objects.get(), details=told)
        assert saved.checked_at and not saved.checks.exists()

    def test_only_an_owner_changes_them_and_only_her_own(self, owner: Person) -> None:
        brand = Organization.objects.get()
        for role in ("producer", "finance", "viewer"):
            with pytest.raises(NotAllowed):
                change_details(by=make_member(brand, role, role).actor, organization=brand, details=brand_details())
        stranger = make_member(make_organization("brand", "maison-orsay"), "owner", "ines")
        with pytest.raises(NotAllowed):
            change_details(by=stranger.actor, organization=brand, details=brand_details(name="Mine"))

    def test_the_page_says_that_it_is_checked_again(self, owner: Person) -> None:
        client = signed_in(owner)
        form = client.get(reverse("organization_edit")).content.decode()
        assert "is checked again" in form and "HRB 123456 B" in form
        client.post(reverse("organization_edit"), ABOUT_A_BRAND | {"legal_name": "Halden AG"})
        page = client.get(reverse("organization")).content.decode()
        assert "We look at your new details." in page and "New: legal name" in page

    def test_others_of_the_team_read_and_cannot_edit(self, owner: Person) -> None:
        client = signed_in(make_member(Organization.objects.get(), "finance", "fina"))
        assert client.get(reverse("organization")).status_code == 200
        assert client.get(reverse("organization_edit")).status_code == 403
        assert client.post(reverse("organization_edit"), ABOUT_A_BRAND).status_code == 403
