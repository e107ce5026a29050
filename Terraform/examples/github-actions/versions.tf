terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.81, < 7.0" # the first that needs no thumbprint of GitHub's certificate
    }
  }
}
