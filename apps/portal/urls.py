from django.urls import URLPattern, URLResolver, path

from apps.portal.views import agency, agency_mandates, brand, doors, her_mandates, model, money, notices, public

urlpatterns: list[URLPattern | URLResolver] = [
    path("", doors.home, name="home"),
    path("start/", doors.landing, name="landing"),
    path("acting/", doors.acting, name="acting"),
    path("verify/", public.verify, name="verify"),
    path("l/<slug:code>/", public.licence, name="licence"),
    path("home/brand/", brand.home, name="brand_home"),
    path("home/model/", model.home, name="model_home"),
    path("home/model/twin/", model.my_twin, name="my_twin"),
    path("home/model/twin/cover/<uuid:pk>/", model.twin_cover, name="twin_cover"),
    path("home/model/twin/<slug:action>/", model.twin_act, name="twin_act"),
    path("home/model/rules/", model.rules, name="rules"),
    path("home/model/consents/<slug:purpose>/give/", model.give_consent, name="give_consent"),
    path("home/model/consents/<uuid:pk>/withdraw/", model.withdraw_consent, name="withdraw_consent"),
    path("home/model/mandates/", her_mandates.mandates, name="mandates"),
    path("home/model/mandates/proposals/<uuid:pk>/", her_mandates.proposal, name="proposal"),
    path("home/model/mandates/<uuid:pk>/end/", her_mandates.mandate_end, name="mandate_end"),
    path("home/agency/mandates/", agency_mandates.mandates, name="agency_mandates"),
    path("home/agency/mandates/new/", agency_mandates.mandate_new, name="mandate_new"),
    path("home/agency/mandates/<uuid:pk>/notice/", agency_mandates.mandate_notice, name="mandate_notice"),
    path(
        "home/agency/mandates/proposals/<uuid:pk>/take-back/",
        agency_mandates.proposal_take_back,
        name="proposal_take_back",
    ),
    path("home/agency/", agency.desk, name="agency_desk"),
    path("home/agency/roster/", agency.roster, name="roster"),
    path("earnings/", money.earnings, name="earnings"),
    path("earnings/<int:year>/<int:month>/", money.statement, name="statement"),
    path("earnings/<int:year>/<int:month>/csv/", money.statement_csv, name="statement_csv"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.mark_read, name="notices_read"),
    path("twins/", brand.twins, name="twins"),
    path("twins/<slug:slug>/", brand.twin, name="twin"),
]
