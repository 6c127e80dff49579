from django.urls import URLPattern, URLResolver, path

from apps.portal.views import doors

urlpatterns: list[URLPattern | URLResolver] = [
    path("", doors.home, name="home"),
    path("start/", doors.landing, name="landing"),
    path("acting/", doors.acting, name="acting"),
]
