using System.Collections.Immutable;
using System.CommandLine;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.Analysis.Comparison;
using AiMe.Lab.Analysis.Recuration;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Lab.History;

namespace AiMe.Console.Commands;

/// <summary><c>aime recurate</c>: judges recorded instances by other policies. No model is called.</summary>
internal static class RecurateCommand
{
    public static Command Create()
    {
        var what = new Argument<string[]>("run|instance")
        {
            Description = "Runs, instances such as inward-1, run/instance, or patterns such as inward-*; a run means its planned instances",
            Arity = ArgumentArity.OneOrMore,
        };
        what.CompletionSources.Add(Completions.Runs);
        what.CompletionSources.Add(Completions.Instances);
        var policies = new Option<string[]>("--policy")
        {
            Description =
                "A variant of the run, a shipped policy "
                + $"({string.Join(", ", BundledFiles.Policies.Keys.Order(StringComparer.Ordinal))}), a YAML file with "
                + "curate: [...], or rules such as '[{dedupe: 0.9}]'; may be repeated",
            HelpName = "policy",
            Required = true,
        };
        policies.CompletionSources.Add([.. BundledFiles.Policies.Keys.Order(StringComparer.Ordinal)]);
        var store = SharedOptions.StoreOption();
        var output = new Option<string?>("--out")
        {
            Description =
                "Directory for the training sets under each policy: one JSON Lines file per policy, instance and "
                + "round, in the form used for training",
            HelpName = "directory",
        };
        output.CompletionSources.Add(Completions.Directories);
        var json = SharedOptions.JsonOption("One JSON object on one line");
        var command = new Command(
            "recurate",
            "Judge recorded instances by other policies, without a model: what would have been kept, and the resulting " + "training data"
        )
        {
            what,
            policies,
            store,
            output,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                await using var opened = Stores.OpenReadOnly(parsed.GetRequiredValue(store));
                var chosen = await ChosenAsync(opened, parsed.GetRequiredValue(what), cancellationToken);
                var named = chosen
                    .Select(c => c.Run)
                    .DistinctBy(r => r.Plan!.Run)
                    .ToDictionary(r => r.Plan!.Run, r => Policies(parsed.GetRequiredValue(policies), r.Plan!), StringComparer.Ordinal);
                RecurationFiles? files = parsed.GetValue(output) is { } directory ? RecurationFiles.In(directory) : null;
                List<(RecordedInstance, ImmutableArray<NamedPolicy>)> instances = [];
                foreach (var (run, instance) in chosen)
                {
                    var name = run.Plan!.Run;
                    instances.Add(
                        (
                            RecordedInstance.Of(
                                name,
                                instance,
                                run.Instances[instance].Variant,
                                await InstanceReader.ReadAsync(opened.Journal, run, instance, cancellationToken)
                            ),
                            named[name]
                        )
                    );
                }

                var recuration = RecurationReport.Of(instances);
                files?.Write(recuration);
                if (parsed.GetValue(json))
                    TerminalWriter.Json(RecurateOutput.Of(recuration));
                else
                    RecurationView.Write(TerminalWriter.Output, recuration);
                foreach (var difference in recuration.Diverged)
                    System.Console.Error.WriteLine($"{difference}: this build judges differently from the recording");
                return recuration.Diverged.IsEmpty ? ExitCode.Done : ExitCode.Diverged;
            }
        );
        return command;
    }

    private static ImmutableArray<NamedPolicy> Policies(string[] texts, RunPlan plan)
    {
        var read = texts.Select(t => PolicyReader.Read(t, plan, BundledFiles.Policies)).ToArray();
        foreach (var problem in read.SelectMany(r => r.Problems).Distinct())
            System.Console.Error.WriteLine(problem);
        return read.All(r => r.Policy is not null)
            ? [.. read.Select(r => r.Policy!)]
            : throw new UsageException(
                $"{(read.Count(r => r.Policy is null) == 1 ? "a policy" : "policies")} cannot be used; nothing was written."
            );
    }

    private static async Task<ImmutableArray<(SupervisorState Run, string Instance)>> ChosenAsync(
        EventStore store,
        string[] names,
        CancellationToken cancellationToken
    )
    {
        var chosen = ImmutableArray.CreateBuilder<(SupervisorState, string)>();
        foreach (var name in names)
        {
            if (Glob.IsPattern(name))
            {
                var fit = (await StoreLookup.RunsAsync(store, cancellationToken))
                    .SelectMany(r =>
                        InstanceOrder.Of(r).Where(l => Glob.Fits(name, l) || Glob.Fits(name, $"{r.Plan!.Run}/{l}")).Select(l => (r, l))
                    )
                    .ToArray();
                chosen.AddRange(
                    fit.Length > 0
                        ? fit
                        : throw new UsageException(
                            $"no instance of the store {store.Address.Place} matches '{name}'\n  To list all: "
                                + $"{Invocation.Of("list", "--store", store.Address)}"
                        )
                );
                continue;
            }

            var (run, instance) = await StoreLookup.RunOrInstanceAsync(store, name, cancellationToken);
            chosen.AddRange(
                instance is not null
                    ? [(run, instance)]
                    : InstanceOrder.Of(run).Where(l => run.Instances[l].Parent is null).Select(l => (run, l))
            );
        }

        return [.. chosen.DistinctBy(c => (c.Item1.Plan!.Run, c.Item2))];
    }
}
