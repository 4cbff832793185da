namespace ModularShop.Messaging;

/// <summary>What carries messages from one module to another.</summary>
public enum MessageCarrier
{
    /// <summary>The process itself and, between deployables, HTTP.</summary>
    Http,

    /// <summary>A broker, for every message, whoever sends and whoever takes it.</summary>
    RabbitMq,
}

/// <summary>Section <c>Messaging:RabbitMq</c>; it counts where <c>Messaging:Transport</c> is <c>RabbitMq</c>.</summary>
public sealed record RabbitMqOptions
{
    /// <summary>With user and password, which belong into secret configuration; <c>amqps</c> for TLS.</summary>
    public string Uri { get; init; } = "amqp://guest:guest@127.0.0.1:5672/";

    /// <summary>What the names of queues and exchanges begin with: two shops can so share a broker.</summary>
    public string Prefix { get; init; } = "modularshop";

    /// <summary>Queues that live on several nodes of a cluster; with a single broker, where they gain nothing, on its disk.</summary>
    public bool Quorum { get; init; }

    /// <summary>Messages published before the first of them must be confirmed, 1 to 5000.</summary>
    public int Window { get; init; } = 500;

    /// <summary>Messages that a module takes from its queue before the first of them is in its inbox, 1 to 5000.</summary>
    public int Prefetch { get; init; } = 500;
}
