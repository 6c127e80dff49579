from django.urls import path

from apps.demonstration import refusal_views, tour_views, views

app_name = "demonstration"
urlpatterns = [
    path("enter/", views.enter, name="enter"),
    path("tour/start/", tour_views.tour_start, name="tour_start"),
    path("tour/go/", tour_views.tour_go, name="tour_go"),
    path("tour/leave/", tour_views.tour_leave, name="tour_leave"),
    path("tour/bar/", tour_views.tour_bar_again, name="tour_bar"),
    path("try/", refusal_views.refusals, name="refusals"),
    path("try/leave/", refusal_views.refusal_leave, name="refusal_leave"),
    path("try/<slug:key>/", refusal_views.refusal, name="refusal"),
    path("try/<slug:key>/now/", refusal_views.refusal_try, name="refusal_try"),
]
