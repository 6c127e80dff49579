from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("apps.portal.urls")),
    path("", include("apps.bookings.urls")),
    path("", include("apps.conversations.urls")),
    path("home/model/identity/", include("apps.identity.urls")),
    path("files/", include("apps.media.urls")),
    path("hooks/gpu/", include("apps.generation.urls")),
    path("hooks/stripe/", include("apps.payments.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
if settings.STRIPE_TRANSPORT == "sandbox":
    urlpatterns += [path("sandbox/", include("apps.sandbox.urls"))]
if settings.DEMONSTRATION:
    urlpatterns += [path("demonstration/", include("apps.demonstration.urls"))]
