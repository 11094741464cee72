using System.CommandLine;
using AiMe.Console.Doctor;
using AiMe.Console.Terminal;
using Spectre.Console;

namespace AiMe.Console.Commands;

/// <summary>
/// <c>aime doctor</c>: checks whether this machine and this store are ready for a run, and gives advice.
/// </summary>
internal static class DoctorCommand
{
    private static readonly ICheck[] Checks =
    [
        new RuntimeCheck(),
        new VectorCheck(),
        new CapacityCheck(),
        new TerminalCheck(),
        new StoreCheck(),
        new DiskCheck(),
        new LeftoverCheck(),
        new OwnerCheck(),
        new InboxCheck(),
        new ModelCheck(),
        new ProviderCheck(),
    ];

    public static Command Create()
    {
        var store = SharedOptions.StoreOption();
        var provider = SharedOptions.OneOf(
            "--provider",
            "Also try to reach this hosted provider, with one free call; without this option nothing uses the network",
            ["openai"],
            many: false
        );
        var url = new Option<Uri?>("--base-url")
        {
            Description = "Base URL of the provider, such as https://api.openai.com/v1; its key is read from $OPENAI_API_KEY",
            HelpName = "url",
            CustomParser = Url,
        };
        var model = new Option<string?>("--model")
        {
            Description =
                "Instead of the checks, ask the server of this experiment's hosted model what it can do: chat, seeds, log-probabilities, "
                + "JSON schemas, scoring of given text, embeddings, training jobs, adapters; costs about ten short requests",
            HelpName = "experiment",
        };
        var vectors = new Option<string?>("--vectors")
        {
            Description =
                "Instead of the checks, ask the vector store of this experiment (memory.index): does it answer, does the collection fit "
                + "the embedder, and how many memories are in it; this changes nothing there",
            HelpName = "experiment",
        };
        var takeOver = new Option<bool>("--take-over")
        {
            Description = "Instead of the checks, free the runs and instances that dead processes still hold; never those of a live one",
        };
        var yes = Confirmation.YesOption();
        var json = SharedOptions.JsonOption("One JSON object per check: {\"check\", \"health\", \"found\", \"advice\"}");
        var command = new Command("doctor", "Check this machine and a store, and advise on problems")
        {
            store,
            provider,
            url,
            model,
            vectors,
            takeOver,
            yes,
            json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(provider) is null != (result.GetResult(url) is null))
                result.AddError("--provider and --base-url must be used together");
            if (result.GetResult(model) is not null && (result.GetResult(provider) is not null || result.GetValue(takeOver)))
                result.AddError(
                    "--model asks the server of an experiment and nothing else; expected it without --provider and --take-over"
                );
            if (
                result.GetResult(vectors) is not null
                && (result.GetResult(provider) is not null || result.GetResult(model) is not null || result.GetValue(takeOver))
            )
                result.AddError(
                    "--vectors asks the vector store of an experiment and nothing else; expected it without --provider, --model and "
                        + "--take-over"
                );
            if (result.GetValue(yes) && !result.GetValue(takeOver))
                result.AddError("--yes answers the question of --take-over; expected both or neither");
        });
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                if (parsed.GetValue(takeOver))
                    return await OwnerRelease.RunAsync(
                        parsed.GetRequiredValue(store),
                        parsed.GetValue(yes),
                        parsed.GetValue(json),
                        cancellationToken
                    );
                if (parsed.GetValue(model) is { } experiment)
                    return await ModelSurvey.RunAsync(experiment, parsed.GetValue(json), cancellationToken);
                if (parsed.GetValue(vectors) is { } searched)
                    return await ReportAsync([VectorSurvey.AskAsync(searched, cancellationToken)], parsed.GetValue(json));
                var subject = new Subject(
                    parsed.GetRequiredValue(store),
                    parsed.GetValue(provider) is [var name] ? name : null,
                    parsed.GetValue(url)
                );
                return await ReportAsync(Checks.Select(c => c.LookAsync(subject, cancellationToken)), parsed.GetValue(json));
            }
        );
        return command;
    }

    private static async Task<int> ReportAsync(IEnumerable<IAsyncEnumerable<CheckResult>> checks, bool json)
    {
        var bad = false;
        foreach (var findings in checks)
        {
            await foreach (var finding in findings)
            {
                bad |= finding.Health == Health.Bad;
                if (json)
                    TerminalWriter.Json(finding);
                else
                    Write(finding);
            }
        }

        return bad ? ExitCode.Error : ExitCode.Done;
    }

    private static void Write(CheckResult finding)
    {
        var (mark, colour) = finding.Health switch
        {
            Health.Good => ("ok", Color.Green),
            Health.Warning => ("warn", Color.Yellow),
            _ => ("bad", Color.Red),
        };
        var grid = new Grid()
            .AddColumn(new GridColumn().Width(4).NoWrap().PadRight(1))
            .AddColumn(new GridColumn().Width(11).NoWrap().PadRight(1))
            .AddColumn(new GridColumn().PadRight(0));
        grid.AddRow(
            new Text(mark, new Style(colour)),
            new Text(finding.Check),
            new Text($"{finding.Found}{(finding.Advice.Length > 0 ? $": {finding.Advice}" : "")}")
        );
        TerminalWriter.Output.Write(grid);
    }

    private static Uri? Url(System.CommandLine.Parsing.ArgumentResult result)
    {
        var text = result.Tokens is [var token] ? token.Value : "";
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            return url;
        result.AddError($"--base-url: found '{text}', expected an address such as https://api.openai.com/v1");
        return null;
    }
}
