using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using AiMe.Effects;
using AiMe.Lab.Runs.SavedModels;
using AiMe.Nano;

namespace AiMe.Lab.Verification;

/// <summary>Checks the base models that a store caches against the digests beside them.</summary>
internal static class ModelFiles
{
    /// <summary>
    /// Checks every base model. None is needed to read an instance, so a missing one is not a divergence.
    /// </summary>
    public static async Task<FilesChecked> CheckAsync(string directory, CancellationToken cancellationToken)
    {
        var (count, bad) = (0, ImmutableArray.CreateBuilder<Divergence>());
        if (!Directory.Exists(directory))
            return new(0, []);
        foreach (
            var model in Directory
                .GetDirectories(directory, "nano-*")
                .Where(d => !d.Contains(AtomicFiles.Mark, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        )
        {
            count++;
            if (await FaultAsync(model, cancellationToken) is var (field, expected, found))
                bad.Add(
                    new Divergence(
                        model,
                        null,
                        null,
                        null,
                        null,
                        field,
                        expected,
                        found,
                        "a base model was altered: delete its directory; it is then trained again, bit for bit the same"
                    )
                );
        }

        await CheckAsync(
            "calibration",
            async f => Calibration.IsWhole(await File.ReadAllBytesAsync(f, cancellationToken)),
            "a calibration"
        );
        await CheckAsync(
            "coverage",
            async f => CoverageCache.IsWhole(await File.ReadAllTextAsync(f, cancellationToken)),
            "what a newborn says of its charter"
        );
        return new(count, bad.ToImmutable());

        // Measurements are kept beside the models, with a digest of their own.
        async Task CheckAsync(string kind, Func<string, Task<bool>> isWhole, string what)
        {
            foreach (var file in Directory.GetFiles(directory, $"{kind}-*.json").Order(StringComparer.Ordinal))
            {
                count++;
                if (!await isWhole(file))
                    bad.Add(
                        new Divergence(
                            file,
                            null,
                            null,
                            null,
                            null,
                            "digest",
                            "the digest of the figures",
                            "another one",
                            $"{what} was altered: it is measured again at its next use, with the same result"
                        )
                    );
            }
        }
    }

    private static async Task<(string Field, string Expected, string Found)?> FaultAsync(string model, CancellationToken cancellationToken)
    {
        try
        {
            using var about = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(model, "base.json"), cancellationToken));
            // the weights of a folder's checkpoint stay there, and are compared whenever they are loaded
            var linked = LinkedCheckpoint.Read(about.RootElement) is not null;
            foreach (var (file, member) in new[] { ("model.safetensors", "sha256"), ("tokenizer.json", "tokenizer") }.Skip(linked ? 1 : 0))
            {
                var (expected, found) = (
                    about.RootElement.GetProperty(member).GetString()!,
                    Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(model, file), cancellationToken)))
                );
                if (expected != found)
                    return (file, expected, found);
            }

            var config = await File.ReadAllBytesAsync(Path.Combine(model, "config.json"), cancellationToken);
            if (linked)
            {
                NanoConfig.FromJson(config);
                return null;
            }

            return
                Path.GetFileName(model).Split('-') is [_, var preset, _]
                && !config.AsSpan().SequenceEqual(NanoConfig.Preset(preset).ToJson())
                ? ("config.json", $"the shape of the preset {preset}", "another one")
                : null;
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or IOException
                        or UnauthorizedAccessException
                        or ArgumentException
                        or FormatException
            )
        {
            return ("base.json", "base.json, model.safetensors, tokenizer.json and config.json", e.Message);
        }
    }
}
