# Names and addresses: what every other file builds on.

mock_provider "aws" {
  source = "./test/terraform/mocks/content"
}

mock_provider "aws" {
  alias  = "us_east_1"
  source = "./test/terraform/mocks/home"
}

variables {
  name = "photos"
}

run "addresses_the_distribution_by_its_own_host" {
  assert {
    condition     = output.url == "https://d111111abcdef8.cloudfront.net"
    error_message = "The host is in lower case, as Host headers are compared."
  }

  assert {
    condition     = output.cookie_endpoint == "https://d111111abcdef8.cloudfront.net/cookie/"
    error_message = "The endpoint lies on the same host."
  }

  assert {
    condition     = output.region == "eu-west-1"
    error_message = "The region is that of the provider aws."
  }
}

run "addresses_it_by_the_first_alias" {
  variables {
    aliases         = ["photos.example.com", "www.example.com"]
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/abc"
  }

  assert {
    condition     = output.url == "https://photos.example.com"
    error_message = "The first alias is the address."
  }

  assert {
    condition     = join(" ", local.hosts) == "d111111abcdef8.cloudfront.net photos.example.com www.example.com"
    error_message = "All hosts are known, CloudFront's own too."
  }
}
