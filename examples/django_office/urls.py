"""The two addresses of the example."""

from django.urls import path

from portal.views import front, hand_in

urlpatterns = [path("", front, name="front"), path("nop/", hand_in, name="hand_in")]
