namespace ModularShop.Facade;

/// <summary>The routing in effect.</summary>
/// <param name="Errors">What is wrong with the newest routing file, while this revision stays in effect.</param>
public sealed record RoutingView(
    long Revision, DateTimeOffset At, string By, string Reason, IReadOnlyList<string> Errors, IReadOnlyList<ServiceView> Services, IReadOnlyList<RouteView> Endpoints);

/// <param name="Healthy">How many of the addresses answer.</param>
/// <param name="Addresses">How many there are: more than destinations where <c>Facade:Dns</c> finds several behind a name.</param>
public sealed record ServiceView(string Name, IReadOnlyList<string> Destinations, int Healthy, int Addresses);

/// <param name="Answers">Who answers: <c>monolith</c>, <c>catalog-service</c>, or both where it depends on the client.</param>
/// <param name="Owner">Who owns the module's data, and so executes what changes it.</param>
/// <param name="Rollout">How far it goes over by itself; null where it does not.</param>
public sealed record RouteView(
    string Name, string Method, string Path, string Module, string Mode, int? Percent, double TimeoutSeconds, bool Fallback, string Owner, long Epoch, string Answers,
    string? Rollout);

/// <summary>A new route for an endpoint.</summary>
/// <param name="Reason">For the history: why, 3 to 500 characters.</param>
/// <param name="Revision">The revision that the change was thought out on; a later one refuses it. Null: whichever is in effect.</param>
public sealed record RouteChange(string Mode, string Reason, int? Percent = null, double? TimeoutSeconds = null, bool? Fallback = null, long? Revision = null);

/// <summary>Everything back to the monolith.</summary>
/// <param name="Revision">The revision that it was decided on; a later one refuses it. Null: whichever is in effect.</param>
public sealed record HomeRequest(string Reason, long? Revision = null);

/// <summary>The routing as it was.</summary>
/// <param name="Number">The revision whose routing is to be in effect again, as a new revision.</param>
/// <param name="Reason">For the history: why, 3 to 500 characters.</param>
/// <param name="Revision">The revision that it was decided on; a later one refuses it. Null: whichever is in effect.</param>
public sealed record RestoreRequest(long Number, string Reason, long? Revision = null);

/// <summary>What happens to a request, and why.</summary>
public sealed record RouteExplanation(string Endpoint, string Path, long Revision, string Mode, string Answers, string Owner, long Epoch, string Because);
