from django.urls import path

from apps.demonstration import views

app_name = "demonstration"
urlpatterns = [path("enter/", views.enter, name="enter")]
