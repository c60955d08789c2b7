# What the content region answers: only values whose form the provider or the module looks at.

mock_data "aws_iam_policy_document" {
  defaults = { json = "{\"Statement\":[]}" }
}

mock_data "aws_partition" {
  defaults = { dns_suffix = "amazonaws.com", partition = "aws" }
}

mock_data "aws_caller_identity" {
  defaults = { account_id = "123456789012" }
}

mock_data "aws_region" {
  defaults = { id = "eu-west-1", name = "eu-west-1" }
}

mock_resource "aws_iam_role" {
  defaults = { arn = "arn:aws:iam::123456789012:role/mock", unique_id = "AROA1EXAMPLE2QWERTYUI" }
}

mock_resource "aws_s3_bucket" {
  defaults = {
    arn                         = "arn:aws:s3:::photos-mock"
    bucket_regional_domain_name = "photos-mock.s3.eu-west-1.amazonaws.com"
    id                          = "photos-mock"
  }
}

mock_resource "aws_cloudfront_distribution" {
  defaults = {
    arn         = "arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE"
    domain_name = "D111111ABCDEF8.cloudfront.net"
    id          = "E2EXAMPLE"
  }
}

mock_resource "aws_cloudfront_key_group" {
  defaults = { id = "11111111-2222-3333-4444-555555555555" }
}

mock_resource "aws_cloudfront_public_key" {
  defaults = { id = "K2EXAMPLE" }
}

mock_resource "aws_cloudfront_origin_access_control" {
  defaults = { id = "E3EXAMPLE" }
}

mock_resource "aws_cloudfront_response_headers_policy" {
  defaults = { id = "66666666-7777-8888-9999-000000000000" }
}

mock_resource "aws_cognito_user_pool" {
  defaults = { endpoint = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123", id = "eu-west-1_AbC123" }
}

mock_resource "aws_cognito_user_pool_client" {
  defaults = { id = "1example23456789" }
}

mock_resource "aws_cognito_user_pool_domain" {
  defaults = { cloudfront_distribution = "dlogin.cloudfront.net" }
}

mock_resource "aws_cognito_identity_pool" {
  defaults = { id = "eu-west-1:00000000-1111-2222-3333-444444444444" }
}

mock_resource "aws_cloudfront_function" {
  defaults = { arn = "arn:aws:cloudfront::123456789012:function/photos-paths" }
}
