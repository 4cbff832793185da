using System.Diagnostics.Metrics;

namespace ModularShop.Facade;

internal sealed class FacadeMetrics : IDisposable
{
    private static readonly string[] Outcomes = [.. Enum.GetNames<ShadowOutcome>().Select(System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName)];

    private readonly Meter _meter = new("ModularShop.Facade");
    private readonly Counter<long> _fallbacks;
    private readonly Counter<long> _shadowed;

    public FacadeMetrics()
    {
        _fallbacks = _meter.CreateCounter<long>("modularshop.facade.fallbacks", "{request}", "Requests the monolith answered in place of a service");
        _shadowed = _meter.CreateCounter<long>("modularshop.facade.shadowed", "{request}", "Requests whose copy went to a service, by what became of it");
    }

    public void FellBack(FacadeEndpoint endpoint, string reason) => _fallbacks.Add(1, new("endpoint", endpoint.Name), new("reason", reason));

    public void Shadowed(FacadeEndpoint endpoint, ShadowOutcome outcome) => _shadowed.Add(1, new("endpoint", endpoint.Name), new("outcome", Outcomes[(int)outcome]));

    public void Dispose() => _meter.Dispose();
}
