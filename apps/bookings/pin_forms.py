"""A remark at a place of a picture."""

from django import forms

from apps.bookings.models import LONGEST_PIN


class PinForm(forms.Form):
    """Names of fields are those of services.pins.pin. The middle of the picture, unless a place is chosen."""

    text = forms.CharField(
        label="Your remark", max_length=LONGEST_PIN, widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_PIN})
    )
    x = forms.IntegerField(label="From the left, in thousandths", min_value=0, max_value=1000, initial=500)
    y = forms.IntegerField(label="From the top, in thousandths", min_value=0, max_value=1000, initial=500)
