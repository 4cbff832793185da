using System.Diagnostics.Metrics;

namespace ModularShop.Facade;

internal sealed class FacadeMetrics : IDisposable
{
    private readonly Meter _meter = new("ModularShop.Facade");
    private readonly Counter<long> _fallbacks;

    public FacadeMetrics() => _fallbacks = _meter.CreateCounter<long>("modularshop.facade.fallbacks", "{request}", "Requests the monolith answered in place of a service");

    public void FellBack(FacadeEndpoint endpoint, string reason) => _fallbacks.Add(1, new("endpoint", endpoint.Name), new("reason", reason));

    public void Dispose() => _meter.Dispose();
}
