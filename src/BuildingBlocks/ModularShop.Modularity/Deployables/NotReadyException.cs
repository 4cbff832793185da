namespace ModularShop.Modularity.Deployables;

/// <summary>This process cannot do its work yet; what it waits for is in the message. The same work can succeed later.</summary>
public sealed class NotReadyException(string message) : Exception(message);
