using System.Collections.Immutable;
using AiMe.Lab.Experiments;
using AiMe.Lab.Experiments.Yaml;
using AiMe.Models;

namespace AiMe.Lab.Analysis.Batteries;

/// <summary>What an experiment's battery is worth, before its run, and its warnings.</summary>
/// <param name="Report">Null if nothing could be asked: the base model is not in the store, or the model is hosted.</param>
public sealed record BatteryAdvice(BatteryReport? Report, ImmutableArray<Problem> Warnings)
{
    /// <summary>Asks the base model of an experiment.</summary>
    /// <param name="modelsDirectory">The models of a store.</param>
    public static async Task<BatteryAdvice> OfAsync(Experiment experiment, string modelsDirectory, CancellationToken cancellationToken)
    {
        var place = Place.Of(experiment.ProbesFile);
        try
        {
            var report = await NewbornBattery.AskAsync(experiment, modelsDirectory, cancellationToken);
            ImmutableArray<string> sentences = report is null ? [] : BatteryWords.Of(report);
            return new(
                report,
                [
                    .. sentences.Select(
                        (text, i) => new Problem(Severity.Warning, place, "", i == 0 ? $"{text} {BatteryWords.WhatToDo}" : text)
                    ),
                ]
            );
        }
        catch (ProviderException e)
        {
            return new(null, [new(Severity.Warning, place, "", $"the base model cannot be asked: {e.Message}")]);
        }
    }
}
