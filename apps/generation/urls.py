from django.urls import path

from apps.generation.views import webhook

app_name = "generation"
urlpatterns = [path("<str:token>/", webhook, name="webhook")]
