# Short-lived everything, and password sign-in for scripts.
stage              = "dev"
disposable         = true
auth_flows         = ["ALLOW_USER_PASSWORD_AUTH"]
cookie_ttl_minutes = 15
log_retention_days = 7
price_class        = "PriceClass_100"
rotation           = { interval_days = 1 }
