namespace ModularShop.Modularity.Modules;

/// <summary>A configuration value stops the start; the message names the key, the value and what is allowed.</summary>
public sealed class ConfigurationException(string message) : StartException($"The configuration is not valid: {message}");
