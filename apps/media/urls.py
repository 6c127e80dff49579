from django.urls import path

from apps.media import views

app_name = "media"
urlpatterns = [path("<str:token>/", views.file, name="file")]
