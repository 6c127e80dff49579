from django.urls import path, re_path

from apps.sandbox import hosted, views

app_name = "sandbox"
urlpatterns = [
    path("checkout/<slug:session_id>/", views.checkout, name="checkout"),
    # Scripts pay with a plain POST, with or without the last slash: a redirect would turn it into a GET.
    re_path(r"^checkout/(?P<session_id>[-\w]+)/pay/?$", views.pay, name="pay"),
    path("onboarding/<slug:link_id>/", hosted.onboarding, name="onboarding"),
    path("identity/<slug:session_id>/", hosted.identity, name="identity"),
]
