using Microsoft.Extensions.Options;
using ModularShop.Modularity.Examinations;
using RabbitMQ.Client.Exceptions;

namespace ModularShop.Messaging;

/// <summary>Where messages go by a broker: does it let this program in?</summary>
internal sealed class BrokerExamination(RabbitMqBroker broker, IOptions<MessagingOptions> options) : IExamination
{
    public string About => "message broker";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Transport is not MessageCarrier.RabbitMq)
        {
            return [Finding.Ok(About, "None is needed: messages go from deployable to deployable.")];
        }

        // Without user and password.
        var address = new Uri(options.Value.RabbitMq.Uri).GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        try
        {
            await broker.PingAsync(cancellationToken);
            return [Finding.Ok(About, $"{address} answers.")];
        }
        catch (Exception e) when (e is BrokerUnreachableException or IOException or OperationInterruptedException)
        {
            var isRefused = e.InnerException is AuthenticationFailureException;
            return [Finding.Problem(
                About, isRefused ? $"{address} refuses the log-in." : $"{address} does not answer: {e.GetBaseException().Message}",
                isRefused ? "check user and password in Messaging:RabbitMq:Uri." : "start RabbitMQ, check Messaging:RabbitMq:Uri, or set Messaging:Transport to Http: messages wait in the outboxes meanwhile.")];
        }
    }
}
