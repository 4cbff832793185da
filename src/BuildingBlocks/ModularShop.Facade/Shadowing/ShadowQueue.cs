using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace ModularShop.Facade;

/// <summary>The copies that wait, a queue for each module: a service that is dead or slow takes no other's place.</summary>
internal sealed class ShadowQueue(IOptions<FacadeOptions> options)
{
    private readonly ShadowOptions _limits = options.Value.Shadow;
    private readonly ConcurrentDictionary<string, Channel<ShadowedCall>> _waiting = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>False where too much is waiting. Never waits itself.</summary>
    public bool TryAdd(ShadowedCall call)
    {
        if (Interlocked.Add(ref _bytes, call.Bytes) <= _limits.QueueBytes && Of(call.Route.Endpoint.Module).Writer.TryWrite(call))
        {
            return true;
        }

        Interlocked.Add(ref _bytes, -call.Bytes);
        return false;
    }

    public async IAsyncEnumerable<ShadowedCall> TakeAsync(string module, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var call in Of(module).Reader.ReadAllAsync(cancellationToken))
        {
            Interlocked.Add(ref _bytes, -call.Bytes);
            yield return call;
        }
    }

    private Channel<ShadowedCall> Of(string module) => _waiting.GetOrAdd(module, static (_, limits) => Channel.CreateBounded<ShadowedCall>(limits.QueueLength), _limits);
}
