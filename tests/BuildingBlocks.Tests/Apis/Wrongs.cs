using Microsoft.AspNetCore.Http;

namespace BuildingBlocks.Tests.Apis;

/// <summary>What a process says that has no answer.</summary>
internal static class Wrongs
{
    public static void Fail(Line line, string wrong) => line.Questions["Receiver"] = (context, _) => AnswerAsync(context, wrong);

    private static Task AnswerAsync(HttpContext context, string wrong)
    {
        switch (wrong)
        {
            case "abort":
                context.Abort();
                return Task.CompletedTask;
            case "500":
                context.Response.StatusCode = 500;
                return context.Response.WriteAsync("at Some.Method()");
            case "garbage":
                return context.Response.WriteAsync("<html>OK</html>");
            case "empty":
                return Task.CompletedTask;
            case "null":
                return context.Response.WriteAsync("null");
            case "other json":
                return context.Response.WriteAsJsonAsync(new { status = "ok" });
            case "endless":
                return context.Response.WriteAsync(new string(' ', 5_000_000));
            case "refusal without sense":
                context.Response.StatusCode = 409;
                return context.Response.WriteAsJsonAsync(new { code = "something.else", owner = "monolith", epoch = 9 });
            case "refusal of the past":
                context.Response.StatusCode = 409;
                return context.Response.WriteAsJsonAsync(new { code = "module.not_the_owner", owner = "monolith", epoch = 1 });
            default:
                throw new ArgumentOutOfRangeException(nameof(wrong), wrong, message: null);
        }
    }
}
