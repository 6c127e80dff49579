from django.urls import URLPattern, URLResolver, path

from apps.portal.views import account, agency, brand, doors, joining, model, money, notices, organization, public, team

urlpatterns: list[URLPattern | URLResolver] = [
    path("", doors.home, name="home"),
    path("start/", doors.landing, name="landing"),
    path("acting/", doors.acting, name="acting"),
    path("begin/", joining.begin, name="begin"),
    path("begin/agency/", joining.register_agency, name="register_agency"),
    path("begin/brand/", joining.register_brand, name="register_brand"),
    path("joining/<str:secret>/", joining.team_invitation, name="team_invitation"),
    path("account/", account.account, name="account"),
    path("account/sessions/<int:pk>/end/", account.end_session, name="session_end"),
    path("organization/", organization.organization, name="organization"),
    path("organization/edit/", organization.edit, name="organization_edit"),
    path("organization/team/", team.team, name="team"),
    path("organization/team/leave/", team.leave_team, name="team_leave"),
    path("organization/team/<uuid:pk>/role/", team.role, name="team_role"),
    path("organization/team/<uuid:pk>/remove/", team.remove_member, name="team_remove"),
    path("organization/team/invitations/<uuid:pk>/again/", team.invitation_again, name="team_invitation_again"),
    path(
        "organization/team/invitations/<uuid:pk>/withdraw/", team.invitation_withdraw, name="team_invitation_withdraw"
    ),
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
