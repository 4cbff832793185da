using System.Text.Json.Nodes;

namespace ModularShop.Contracts;

/// <summary>
/// Brings a message of one version to the next, so that handlers only ever see the newest. It lives in the assembly
/// of the message's record, where every process that handles the message finds it by itself; it has a constructor
/// without parameters, keeps no state and asks nobody.
/// </summary>
public interface IUpcaster<out TMessage>
    where TMessage : IMessage
{
    /// <summary>The version it takes; what it leaves is version <c>From + 1</c>.</summary>
    int From { get; }

    /// <summary>Changes the data in place. Fields are named as in JSON: <c>orderId</c>.</summary>
    void Upcast(JsonObject data);
}
