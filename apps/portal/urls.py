from django.urls import URLPattern, URLResolver, path

from apps.portal.views import brand, doors

urlpatterns: list[URLPattern | URLResolver] = [
    path("", doors.home, name="home"),
    path("start/", doors.landing, name="landing"),
    path("acting/", doors.acting, name="acting"),
    path("twins/", brand.twins, name="twins"),
    path("twins/<slug:slug>/", brand.twin, name="twin"),
]
