from django.urls import URLPattern, URLResolver, path

from apps.conversations import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("messages/", views.conversations, name="conversations"),
    path("bookings/<uuid:pk>/messages/<slug:between>/", views.conversation, name="conversation"),
    path("bookings/<uuid:pk>/messages/<slug:between>/news/", views.conversation_news, name="conversation_news"),
    path("messages/<uuid:pk>/delete/", views.message_delete, name="message_delete"),
    path("messages/attached/<uuid:pk>/", views.attachment, name="attachment"),
]
