from django.urls import path

from apps.media import views

app_name = "media"
urlpatterns = [
    path("incoming/<str:token>/", views.incoming, name="incoming"),
    path("<str:token>/", views.file, name="file"),
]
