"""The pages of a booking, one module per thing that people do. A view makes one call and translates its errors."""
