namespace ModularShop.Facade;

/// <summary>How the endpoints are used at the moment, as this host sees it.</summary>
/// <param name="Host">Machine and process that measured: of several hosts each knows its own requests.</param>
/// <param name="Since">When measuring began: with the first look, and anew after nobody has looked for half a minute.</param>
/// <param name="Endpoints">Those that have been asked for since.</param>
public sealed record FiguresView(string Host, DateTimeOffset At, DateTimeOffset Since, IReadOnlyList<EndpointFigures> Endpoints);

/// <param name="Monolith">What the monolith has answered; null where it was not asked.</param>
/// <param name="FellBack">Of those, in the last minute: in place of a service that could not.</param>
public sealed record EndpointFigures(string Endpoint, AnswerFigures? Monolith, AnswerFigures? Service, long FellBack);

/// <param name="RequestsPerSecond">Over the last 5 s; of a point, over its time.</param>
/// <param name="Requests">In the last minute, as all that follows.</param>
/// <param name="Failed">Answered with a status of 500 or above.</param>
/// <param name="P50Milliseconds">Until the end of the answer, to 4 %; so are the other percentiles.</param>
public sealed record AnswerFigures(
    double RequestsPerSecond, long Requests, long Failed, double ErrorPercent, double P50Milliseconds, double P95Milliseconds, double P99Milliseconds);

/// <summary>How one endpoint has been used in the last two minutes.</summary>
/// <param name="PointSeconds">How much time a point stands for; the last one may stand for less.</param>
public sealed record EndpointFiguresView(
    string Host, DateTimeOffset At, DateTimeOffset Since, int PointSeconds, EndpointFigures LastMinute, IReadOnlyList<FiguresPoint> Points);

/// <param name="At">The end of its time.</param>
/// <param name="Monolith">Null where it has answered nothing in this time.</param>
public sealed record FiguresPoint(DateTimeOffset At, AnswerFigures? Monolith, AnswerFigures? Service);
