from django.urls import path

from apps.identity import views

urlpatterns = [
    path("", views.identity, name="identity"),
    path("back/", views.identity_back, name="identity_back"),
]
