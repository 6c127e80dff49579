from django.urls import path

from apps.payments import views

urlpatterns = [
    path("", views.stripe_webhook, name="stripe_webhook"),
    path("thin/", views.stripe_thin_webhook, name="stripe_thin_webhook"),
]
