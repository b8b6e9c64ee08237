"""Messages to people: written in the transaction of the act they tell of."""
