variable "region" {
  description = "Where everything is made."
  type        = string
  default     = "eu-central-1"
}

variable "name" {
  description = "What all names begin with."
  type        = string
  default     = "transparent-trust"
}

variable "github_repository" {
  description = "The repository: `owner/name`."
  type        = string
  default     = "monte-carlo-data/transparent-trust"
}

variable "artifacts_directory" {
  description = "The folder with the zips."
  type        = string
  default     = "../../../dist"
}

variable "vpc_id" {
  description = "The VPC that the database is reached from."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets of it, with a way out through NAT."
  type        = list(string)
}

variable "database_security_group_id" {
  description = "The database's security group."
  type        = string
}
