using ModularShop.Boundaries.Rules;

namespace Boundaries.Tests.Companions;

public sealed class MessageHandlersAreReachedOnlyByTheInboxTests
{
    private const string Here = "ModularShop.Broken.Features.WhenWidgetRenamed.";

    [Fact]
    public void Whoever_makes_or_takes_a_message_handler_is_found() => Break.Rule<MessageHandlersAreReachedOnlyByTheInbox>().ShouldBeExactly(
        (Here + "RunsAHandler.Run", $"refers to the message handler {Here}SaveItself (call of .ctor)."),
        (Here + "IsGivenAHandler.ctor", $"refers to the message handler {Here}SaveItself (parameter)."));
}

public sealed class MessageHandlersLeaveTheTransactionToTheInboxTests
{
    private const string Here = "ModularShop.Broken.Features.WhenWidgetRenamed.";

    [Fact]
    public void Handlers_that_save_begin_or_call_out_are_found_even_where_somebody_else_does_it_for_them() =>
        Break.Rule<MessageHandlersLeaveTheTransactionToTheInbox>().ShouldBeExactly(
            (Here + "SaveItself", "calls DbContext.SaveChangesAsync."),
            (Here + "BeginItself", "calls ModuleDbContext.BeginWriteAsync."),
            (Here + "SendACommand", "calls IMediator.Send."),
            (Here + "CallOut", "calls HttpClient.GetAsync."),
            (Here + "CallOutBySomebody", $"runs {Here}HttpNotifier.NotifyAsync, which calls IHttpClientFactory.CreateClient."),
            (Here + "CallOutBySomebody", $"runs {Here}HttpNotifier.NotifyAsync, which calls HttpClient.GetAsync."));
}
