using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using AiMe.Console.Output;
using AiMe.Console.Output.Documents;
using AiMe.Console.Terminal;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Journal;
using AiMe.Lab.Experiments;
using AiMe.Lab.Runs.SavedModels;
using Command = System.CommandLine.Command;

namespace AiMe.Console.Commands.Models;

/// <summary><c>aime models sample</c>: samples answers of a checkpoint, without an instance.</summary>
internal static class ModelsSampleCommand
{
    public static Command Create()
    {
        var what = ModelTarget.Argument("checkpoint", "; or an experiment, whose base model is trained if the store does not have it");
        what.CompletionSources.Add(Completions.Checkpoints);
        what.CompletionSources.Add(Completions.Experiments);
        var store = SharedOptions.StoreOption();
        var prompt = new Option<string?>("--prompt")
        {
            Description = "The prompt. Default: the stimuli of the run or experiment, one after another",
            HelpName = "text",
        };
        var count = SharedOptions.WholeOption("--count", "Number of samples. Default: 10", least: 1, most: 100_000);
        var temperature = TemperatureOption();
        var seed = SharedOptions.WholeOption(
            "--seed",
            "Seed of the sampling. Default: 0. The same command gives the same samples",
            least: 0,
            most: long.MaxValue
        );
        var json = SharedOptions.JsonOption("One JSON object per sample, with ln p of every token");
        var command = new Command(
            "sample",
            "Sample answers of a checkpoint to the charter's stem and a stimulus, one per line; no instance is changed"
        )
        {
            what,
            store,
            prompt,
            count,
            temperature,
            seed,
            json,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var said = parsed.GetValue(prompt)?.Trim();
                if (said?.Length == 0)
                    throw new UsageException("--prompt: found an empty text, expected a prompt");
                var source = await SourceAsync(
                    parsed.GetRequiredValue(store),
                    parsed.GetRequiredValue(what),
                    said is not null,
                    cancellationToken
                );
                ImmutableArray<Stimulus> stimuli = said is null ? source.Stimuli : [new Stimulus("prompt", said, "talk")];
                var sampling = parsed.GetValue(temperature) is { } t ? source.Sampling with { Temperature = t } : source.Sampling;
                var samples = SampledText.Draw(
                    source.Checkpoint,
                    source.Charter,
                    stimuli,
                    sampling,
                    (int)(parsed.GetValue(count) ?? 10),
                    new Seed((ulong)(parsed.GetValue(seed) ?? 0)),
                    cancellationToken
                );
                foreach (var sample in samples)
                    Write(sample, source.Checkpoint.Id, prompted: said is not null, parsed.GetValue(json));
                System.Console.Error.WriteLine(Summary(samples, stimuli.Length));
                return ExitCode.Done;
            }
        );
        return command;
    }

    /// <summary>A checkpoint, and its prompts and sampling.</summary>
    private sealed record Source(LoadedCheckpoint Checkpoint, Charter Charter, ImmutableArray<Stimulus> Stimuli, Sampling Sampling);

    private static Option<double?> TemperatureOption() =>
        new("--temperature")
        {
            Description = "Sampling temperature, 0 to 2; 0 always takes the most likely token. Default: that of the experiment",
            HelpName = "t",
            CustomParser = result =>
            {
                var text = result.Tokens is [var token] ? token.Value : "";
                if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var t) && t is >= 0 and <= 2)
                    return t;
                result.AddError($"--temperature: found '{text}', expected a number from 0 to 2");
                return null;
            },
        };

    private static async Task<Source> SourceAsync(StoreAddress address, string what, bool prompted, CancellationToken cancellationToken)
    {
        if (
            File.Exists(what)
            || what.EndsWith(".yaml", StringComparison.Ordinal)
            || what.EndsWith(".yml", StringComparison.Ordinal)
            || BundledFiles.Names.Contains(what, StringComparer.Ordinal)
        )
            return await OfExperimentAsync(address, SharedOptions.Load(what, sets: null, seed: null), what, cancellationToken);
        await using var store = Stores.OpenReadOnly(address);
        var target = await ModelTarget.FindAsync(store, what, cancellationToken);
        if (target.Run?.Plan is not { } plan)
            throw new UsageException(
                $"no run of this store uses the base model {target.Id.Short}, so its charter is unknown: "
                    + $"name the experiment, such as {Invocation.Of("models", "sample", "experiment.yaml", "--store", address)}"
            );
        ModelTarget.MustBeNano(target);
        var variant = target.Made is { } made
            ? plan.Variants.First(v => v.Name == target.Run.Instances[made.Instance].Variant)
            : plan.Variants.FirstOrDefault(v => plan.BaseOf(v) == target.Id) ?? plan.Variants[0];
        if (plan.Stimuli.IsEmpty && !prompted)
            throw new UsageException($"the run {plan.Run} has no stimuli: give a prompt with --prompt");
        return new Source(
            await LoadedCheckpoint.ReadAsync(store, target.Id, target.Generation0, cancellationToken, target.Origin),
            target.Made is { } maker
                ? plan.CharterOf(variant, target.Run.Instances[maker.Instance].Replicate)
                : plan.ByCharter.FirstOrDefault(p => p.Base == target.Id)?.Charter ?? plan.Charter,
            plan.Stimuli,
            variant.Self.Sampling
        );
    }

    private static async Task<Source> OfExperimentAsync(
        StoreAddress address,
        Experiment experiment,
        string named,
        CancellationToken cancellationToken
    )
    {
        var nano = ModelsPretrainCommand.NanoOf(experiment, named);
        await using var store = await Stores.OpenAsync(address, Synchronous.Normal, giveUp: cancellationToken, cancellationToken);
        var id = await RunDisplay.ShowAsync(async display => new ModelId(
            (
                await Pretraining.EnsureAsync(
                    nano,
                    experiment,
                    store,
                    1,
                    Environment.ProcessorCount,
                    display,
                    TimeProvider.System,
                    cancellationToken
                )
            )
                .Model
                .Id
        ));
        return new Source(
            await LoadedCheckpoint.ReadAsync(store, id, id, cancellationToken),
            experiment.Charter,
            experiment.Stimuli,
            experiment.Variants[0].Self.Sampling
        );
    }

    // One sample per line; a tab separates it from its prompt.
    private static void Write(SampledText sample, ModelId model, bool prompted, bool json)
    {
        if (json)
            TerminalWriter.Json(ModelsSampleOutput.Of(sample, model));
        else
            TerminalWriter.Line(prompted ? OneLine(sample.Text) : $"{OneLine(sample.Stimulus.Text)}\t{OneLine(sample.Text)}");
    }

    private static string Summary(ImmutableArray<SampledText> samples, int stimuli)
    {
        var (distinct, tokens) = (samples.Select(s => s.Text).Distinct(StringComparer.Ordinal).Count(), samples.Sum(s => s.Tokens.Length));
        var nats =
            tokens == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {-samples.Sum(s => s.Nats) / tokens:0.000} nats per token");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Lines.Count(samples.Length, "sample")} of "
                + $"{(Math.Min(samples.Length, stimuli) is var n and > 1 ? $"{n} prompts" : "one prompt")}: "
                + $"{distinct} distinct, {(double)tokens / samples.Length:0.0} tokens each{nats}, "
                + $"{samples.Count(s => !s.Ended)} cut off"
        );
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Replace('\t', ' ');
}
