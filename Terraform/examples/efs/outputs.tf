output "skills" {
  description = "Everything that is pasted elsewhere: outputs of the module."
  value       = module.skills
}
