namespace ModularShop.Modularity.Modules;

/// <summary>The process cannot start, and a person can mend it: the message names the thing, the reason and the way out.</summary>
public class StartException(string message, Exception? inner = null) : Exception(message, inner);
