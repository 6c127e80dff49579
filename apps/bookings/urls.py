from django.urls import URLPattern, URLResolver, path

from apps.bookings.views import again, checking, choosing, composing, crew, following, licences, paying, requests

urlpatterns: list[URLPattern | URLResolver] = [
    path("twins/<slug:slug>/book/", composing.new, name="booking_new"),
    path("bookings/", following.bookings, name="bookings"),
    path("bookings/templates/", again.templates, name="booking_templates"),
    path("bookings/templates/<uuid:pk>/rename/", again.rename, name="template_rename"),
    path("bookings/templates/<uuid:pk>/delete/", again.delete, name="template_delete"),
    path("bookings/<uuid:pk>/", following.booking, name="booking"),
    path("bookings/<uuid:pk>/again/", again.duplicate, name="booking_again"),
    path("bookings/<uuid:pk>/crew/", crew.add, name="credit_add"),
    path("crew/<uuid:pk>/remove/", crew.remove, name="credit_remove"),
    path("bookings/<uuid:pk>/progress/", following.progress, name="booking_progress"),
    path("bookings/<uuid:pk>/cancel/", following.cancel_booking, name="booking_cancel"),
    path("bookings/<uuid:pk>/compose/", composing.compose, name="booking_compose"),
    path("bookings/<uuid:pk>/autosave/", composing.autosave, name="booking_autosave"),
    path("bookings/<uuid:pk>/quote/", composing.quote, name="booking_quote"),
    path("bookings/<uuid:pk>/checkout/", paying.checkout, name="checkout"),
    path("bookings/<uuid:pk>/paid/", paying.checkout_return, name="checkout_return"),
    path("bookings/<uuid:pk>/select/", choosing.select, name="select"),
    path("bookings/<uuid:pk>/select/finish/", choosing.finish_selection, name="select_finish"),
    path("pictures/<uuid:pk>/choose/", choosing.choose, name="select_choose"),
    path("looks/<uuid:pk>/another/", choosing.another, name="select_another"),
    path("library/", licences.library, name="library"),
    path("library/licences/<uuid:pk>/", licences.own_licence, name="own_licence"),
    path("library/<uuid:pk>/download/", licences.download, name="download"),
    path("requests/<uuid:pk>/", requests.request_page, name="request"),
    path("requests/<uuid:pk>/answer/", requests.give_answer, name="request_answer"),
    path("requests/<uuid:pk>/take-back/", requests.take_answer_back, name="request_take_back"),
    path("requests/<uuid:pk>/pictures/", checking.picture_check, name="picture_check"),
    path("pictures/<uuid:pk>/decide/", checking.decide_picture, name="picture_decide"),
]
