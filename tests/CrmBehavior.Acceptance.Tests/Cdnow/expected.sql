-- What the CRM must hold at the instant $until, worked out from the orders alone. Times are milliseconds, amounts cents.
-- orders(number, customer, at, cents): one row per order, numbered in the order of the file.

-- name: vip
-- Customers whose orders of the last 365 days come to at least 150.
SELECT customer
FROM orders
WHERE at > $until - 365 * 86400000 AND at <= $until
GROUP BY customer
HAVING sum(cents) >= 15000
ORDER BY customer;

-- name: winBack
-- Every time that 90 days had passed since an order without another one between.
WITH followed AS (
  SELECT customer, at, lead(at) OVER (PARTITION BY customer ORDER BY at, number) AS next
  FROM orders
  WHERE at <= $until
)
SELECT customer, at + 90 * 86400000 AS fired
FROM followed
WHERE at + 90 * 86400000 <= $until AND (next IS NULL OR next >= at + 90 * 86400000)
ORDER BY customer, fired;

-- name: engagement
-- Each order adds 10, the value halves in 60 days and never passes 100.
WITH RECURSIVE numbered AS (
  SELECT customer, at, row_number() OVER (PARTITION BY customer ORDER BY at, number) AS n
  FROM orders
  WHERE at <= $until
),
scored AS (
  SELECT customer, at, n, 10.0 AS value FROM numbered WHERE n = 1
  UNION ALL
  SELECT o.customer, o.at, o.n, min(100.0, s.value * pow(2.0, -(o.at - s.at) / (60 * 86400000.0)) + 10.0)
  FROM scored s JOIN numbered o ON o.customer = s.customer AND o.n = s.n + 1
)
SELECT customer, value * pow(2.0, -($until - at) / (60 * 86400000.0)) AS value
FROM scored s
WHERE n = (SELECT max(n) FROM numbered o WHERE o.customer = s.customer)
ORDER BY customer;
