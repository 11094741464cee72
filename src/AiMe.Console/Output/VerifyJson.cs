using System.Text.Json;
using AiMe.Lab.Verification;

namespace AiMe.Console.Output;

/// <summary>The result of a verification as JSON.</summary>
internal static class VerifyJson
{
    /// <summary>Returns one object.</summary>
    public static byte[] Of(string store, string? run, string? instance, VerificationReport found) =>
        JsonObject.Of(json =>
        {
            json.WriteBoolean("holds", found.Holds);
            json.WriteString("store", store);
            json.WriteString("run", run);
            json.WriteString("instance", instance);
            Counts(json, found.Counts);
            json.WriteTexts("owners", found.Owners);
            json.WriteTexts("foreign", found.Foreign);
            json.WriteObjects("divergences", found.Divergences, d => Divergence(json, d));
            json.WriteObjects("runs", found.Runs, r =>
            {
                json.WriteString("run", r.Run);
                json.WriteString("digest", r.Digest);
                json.WriteNumber("lives", r.Instances);
                json.WriteNumber("events", r.Events);
            });
            json.WriteObjects("lives", found.Instances, l =>
            {
                json.WriteString("run", l.Run);
                json.WriteString("instance", l.Instance);
                json.WriteBoolean("known", l.IsKnown);
                json.WriteNumber("events", l.Events);
                json.WriteNumber("covered", l.Covered);
                json.WriteNumber("beyond", l.Beyond);
            });
        });

    private static void Counts(Utf8JsonWriter json, VerificationCounts counts) => json.WriteObject("checked", () =>
        {
            json.WriteNumber("streams", counts.Streams);
            json.WriteNumber("events", counts.Events);
            json.WriteNumber("bytes", counts.Bytes);
            json.WriteNumber("lifeAnchors", counts.InstanceAnchors);
            json.WriteNumber("runAnchors", counts.RunAnchors);
            json.WriteNumber("digests", counts.Digests);
            json.WriteNumber("snapshots", counts.Snapshots);
            json.WriteObject("otherSnapshots", () =>
            {
                foreach (var (manifest, n) in counts.OtherSnapshots)
                    json.WriteNumber(manifest, n);
            });
            json.WriteNumber("blobs", counts.Blobs);
            json.WriteNumber("blobBytes", counts.BlobBytes);
            json.WriteNumber("removedCheckpoints", counts.RemovedCheckpoints);
            json.WriteNumber("modelFiles", counts.ModelFiles);
        });

    private static void Divergence(Utf8JsonWriter json, Divergence d)
    {
        json.WriteString("stream", d.Stream);
        Whole(json, "ordering", d.Ordering);
        Whole(json, "sequenceNumber", d.SequenceNumber);
        Whole(json, "index", d.Index);
        json.WriteString("manifest", d.Manifest);
        json.WriteString("field", d.Field);
        json.WriteString("expected", d.Expected);
        json.WriteString("found", d.Found);
        json.WriteString("meaning", d.Meaning);
    }

    private static void Whole(Utf8JsonWriter json, string key, long? number)
    {
        if (number is { } n)
            json.WriteNumber(key, n);
        else
            json.WriteNull(key);
    }
}
