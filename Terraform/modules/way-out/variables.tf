variable "subnet_id" {
  description = "A subnet of the functions."
  type        = string
}
