using System.CommandLine;
using System.CommandLine.Parsing;
using Quorate.Cli.Client;

namespace Quorate.Cli.Commands;

/// <summary>The options that all client commands share.</summary>
internal sealed class ClientOptions
{
    private const string DefaultEndpoints = "127.0.0.1:2379";
    private static readonly string[] EndpointVariables = ["QUORATE_ENDPOINTS", "ETCDCTL_ENDPOINTS"];

    private readonly Option<string> _endpoints;
    private readonly Option<string> _timeout = new("--timeout")
    {
        Description = "How long one request may take.",
        HelpName = "DURATION",
        DefaultValueFactory = _ => "5s",
    };

    private readonly Option<string> _wait = new("--wait")
    {
        Description = "How long to wait for a node and a leader first, for example 10s.",
        HelpName = "DURATION",
        DefaultValueFactory = _ => "0s",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON as etcdctl does." };

    public ClientOptions(Surroundings surroundings)
    {
        _endpoints = new Option<string>("--endpoints")
        {
            Description = "Nodes to ask, in this order, separated by commas.",
            HelpName = "HOST:PORT,...",
            DefaultValueFactory = _ => FromEnvironment(surroundings),
        };
        _endpoints.Validators.Add(RefuseBadEndpoints);
        _timeout.Validators.Add(result => RefuseBadDuration(result, smallest: TimeSpan.FromMilliseconds(1)));
        _wait.Validators.Add(result => RefuseBadDuration(result, smallest: TimeSpan.Zero));
    }

    public void AddTo(Command command)
    {
        command.Options.Add(_endpoints);
        command.Options.Add(_timeout);
        command.Options.Add(_wait);
        command.Options.Add(_json);
    }

    public bool WantsJson(ParseResult parsed) => parsed.GetValue(_json);

    public HttpKvOptions Read(ParseResult parsed)
    {
        _ = Endpoint.TryParseList(parsed.GetRequiredValue(_endpoints), out var endpoints, out _);
        _ = Duration.TryParse(parsed.GetRequiredValue(_timeout), out var timeout);
        _ = Duration.TryParse(parsed.GetRequiredValue(_wait), out var wait);
        return new HttpKvOptions { Endpoints = endpoints, Timeout = timeout, Wait = wait };
    }

    private static string FromEnvironment(Surroundings surroundings) => EndpointVariables
        .Select(surroundings.Environment)
        .FirstOrDefault(value => !string.IsNullOrWhiteSpace(value)) ?? DefaultEndpoints;

    private static void RefuseBadEndpoints(OptionResult result)
    {
        var text = result.GetValueOrDefault<string>() ?? "";
        if (!Endpoint.TryParseList(text, out _, out var fault))
        {
            result.AddError($"--endpoints {fault}");
        }
    }

    private static void RefuseBadDuration(OptionResult result, TimeSpan smallest)
    {
        var text = result.GetValueOrDefault<string>() ?? "";
        if (!Duration.TryParse(text, out var duration) || duration < smallest)
        {
            result.AddError($"{result.Option.Name} '{text}' is not a duration such as 5s or 250ms");
        }
    }
}
