using System.Text;
using Microsoft.AspNetCore.Http;
using Quorate.Mvcc;

namespace Quorate.Server.Http;

/// <summary>
/// <c>/set</c>, <c>/get</c> and <c>/remove</c>, as balsa has them: key and value in the query or in a form, by GET or
/// POST. They do what they say, and tell when it could not be done.
/// </summary>
internal sealed class PlainKvEndpoint(Responder responder, Writes writes, Reads reads)
{
    /// <summary>Answers the request.</summary>
    public async Task AnswerAsync(HttpContext http, Route route, string query, Deadline deadline)
    {
        string[] known = route == Route.Set ? ["key", "value"] : ["key"];
        var parameters = await Parameters.OfAsync(http, query, known);
        var key = Encoding.UTF8.GetBytes(parameters.Text("key") ?? "");
        var fault = parameters.Fault
            ?? (key.Length == 0 ? $"no key is named: {ExampleOf(route)}" : null)
            ?? (known.Length > 1 && parameters.Text("value") is null ? $"no value is given: {ExampleOf(route)}" : null);
        if (fault is not null)
        {
            await responder.SendErrorAsync(http, ApiError.Invalid(fault));
            return;
        }

        await (route switch
        {
            Route.Get => reads.GetAsync(http, key, KeyQuery.Empty, deadline),
            Route.Remove => writes.ProposeAsync(http, new DeleteRangeCommand(key), KeyQuery.Empty, deadline),
            _ => SetAsync(http, key, parameters.Text("value")!, deadline),
        });
    }

    private Task SetAsync(HttpContext http, byte[] key, string value, Deadline deadline) =>
        writes.ProposeAsync(http, new PutCommand(key, Encoding.UTF8.GetBytes(value)), KeyQuery.Empty, deadline);

    private static string ExampleOf(Route route) => route switch
    {
        Route.Set => "/set?key=KEY&value=VALUE",
        Route.Get => "/get?key=KEY",
        _ => "/remove?key=KEY",
    };
}
