output "url" {
  description = "Where the private content is."
  value       = module.content.url
}

output "bucket_name" {
  description = "Where to put the content."
  value       = module.content.bucket_name
}

output "callback_urls_to_register" {
  description = "Redirect URLs to enter at the provider."
  value       = module.content.callback_urls_to_register
}

output "sign_out_urls_to_register" {
  description = "Post-logout redirect URLs to enter at the provider."
  value       = module.content.sign_out_urls_to_register
}

output "client_secret_arn" {
  description = "Where to put the client's secret."
  value       = module.content.client_secret_arn
}
