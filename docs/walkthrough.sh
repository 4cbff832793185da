#!/usr/bin/env bash
# A customer buys something, with curl. Start the shop, then: ./docs/walkthrough.sh [http://localhost:5080]
# Every line "-> " is a fact that was checked; the script ends with 1 at the first that does not hold.
set -euo pipefail
api="${1:-http://localhost:5080}/api/v1"
body=$(mktemp)
trap 'rm -f "$body"' EXIT
token=

# call METHOD PATH EXPECTED-STATUS [JSON] [HEADER]: the answer is left in $body.
call() {
  local args=(-sS -o "$body" -w '%{http_code}' -X "$1" "$api/$2") status
  [ -z "$token" ] || args+=(-H "Authorization: Bearer $token")
  [ -z "${4:-}" ] || args+=(-H 'Content-Type: application/json' -d "$4")
  [ -z "${5:-}" ] || args+=(-H "$5")
  status=$(curl "${args[@]}")
  [ "$status" = "$3" ] || { echo "$1 $2 answered $status, not $3: $(cat "$body")" >&2; exit 1; }
}
# fields NAME: the values of that name in the last answer; field NAME: the first of them.
fields() { grep -oE "\"$1\":(\"[^\"]*\"|[0-9]+)" "$body" | sed -E 's/^[^:]*://; s/"//g'; }
field() { fields "$1" | sed -n 1p; }
has() { grep -qF "$1" "$body" || { echo "expected $1 in: $(cat "$body")" >&2; exit 1; }; }
available() { call GET "catalog/products/$1" 200; field available; }
# happens KIND: waits until the order's history tells of it.
happens() {
  local deadline=$((SECONDS + ${PATIENCE:-120}))
  until call GET "ordering/orders/$order/history" 200; grep -qF "\"$1\"" "$body"; do
    ! grep -qF '"orderRejected"' "$body" || { echo "no $1, the order was rejected: $(cat "$body")" >&2; exit 1; }
    [ $SECONDS -lt $deadline ] || { echo "no $1 after ${PATIENCE:-120} s: $(cat "$body")" >&2; exit 1; }
    sleep 0.2
  done
}
# card NUMBER: exchanges it for a token.
card() { call POST payments/cards 200 "{\"number\":\"$1\",\"expiryMonth\":12,\"expiryYear\":2030,\"cvc\":\"123\"}"; field token; }
checkout() { call POST "ordering/carts/$cart/checkout" 201 "{\"service\":\"standard\",\"cardToken\":\"$1\",\"address\":$address}" "Idempotency-Key: $2"; order=$(field orderId); }
address='{"recipient":"Ada Example","line1":"Hauptstraße 1","city":"Berlin","postalCode":"10115","country":"DE"}'
run="$(date +%s)-$RANDOM"

call GET 'catalog/products?search=pan' 200
stock=0
for sku in $(fields sku); do stock=$(available "$sku"); [ "$stock" -lt 3 ] || break; done
[ "$stock" -ge 3 ] || { echo "the shop has sold its pans: give them new stock, or start it on an empty folder of data" >&2; exit 1; }
echo "-> a search finds $sku, $stock available"

call POST ordering/carts 201; cart=$(field id)
call PUT "ordering/carts/$cart/lines/$sku" 200 '{"quantity":2}'
echo "-> an anonymous cart holds two of it"

call POST customers/registration 201 "{\"email\":\"ada-$run@example.com\",\"password\":\"correct horse battery\",\"name\":\"Ada Example\",\"anonymousCartId\":\"$cart\"}"
token=$(field accessToken)
deadline=$((SECONDS + 20))
until call POST ordering/carts 201; grep -qF "\"$sku\"" "$body"; do [ $SECONDS -lt $deadline ] || { echo "the cart was not merged" >&2; exit 1; }; sleep 0.1; done
cart=$(field id)
echo "-> after registering, the customer's cart has them"

card_token=$(card 4242424242424242)
checkout "$card_token" "order-$run"; first=$order; number=$(field number)
checkout "$card_token" "order-$run"
[ "$order" = "$first" ] || { echo "the same key made a second order" >&2; exit 1; }
call GET ordering/orders 200
[ "$(grep -oF '"number":' "$body" | wc -l)" = 1 ] || { echo "there is more than one order: $(cat "$body")" >&2; exit 1; }
echo "-> the same idempotency key twice makes one order, $number"

happens orderConfirmed
call GET "payments/payments/$order" 200; has '"status":"authorised"'
echo "-> it is confirmed, its payment authorised"
[ "$(available "$sku")" = $((stock - 2)) ] || { echo "the stock is not $((stock - 2))" >&2; exit 1; }
for event in shipmentDispatched shipmentDelivered paymentCaptured invoiceIssued orderCompleted; do happens "$event"; echo "-> $event"; done
call GET "ordering/orders/$order" 200; has '"status":"completed"'
call GET payments/invoices 200; invoice=$(field number)
call GET "payments/invoices/$invoice" 200; has "$number"
echo "-> invoice $invoice"
call GET "ordering/orders/$order/history" 200
grep -oE '"text":"[^"]*"' "$body" | sed -E 's/^"text":"/   /; s/"$//'

call POST ordering/carts 201; cart=$(field id)
call PUT "ordering/carts/$cart/lines/$sku" 200 '{"quantity":1}'
before=$(available "$sku")
checkout "$(card 4000000000000002)" "declined-$run"
happens orderRejected
call GET "ordering/orders/$order" 200; has '"status":"rejected"'
deadline=$((SECONDS + 20))
until [ "$(available "$sku")" = "$before" ]; do [ $SECONDS -lt $deadline ] || { echo "the stock was not released" >&2; exit 1; }; sleep 0.1; done
echo "-> a declined card rejects the order and releases the stock"
