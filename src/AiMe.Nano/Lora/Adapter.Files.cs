using System.Globalization;
using System.Text.Json;

namespace AiMe.Nano.Lora;

public sealed unsafe partial class Adapter
{
    private const string BaseKey = "base",
        RankKey = "rank",
        AlphaKey = "alpha";

    /// <summary>
    /// A safetensors file with PEFT's tensor names; rank, alpha and the base's digest are in its metadata. The same
    /// adapter gives the same bytes.
    /// </summary>
    public byte[] ToSafetensors()
    {
        var tensors = new List<Safetensors.Tensor>();
        ForEach(
            (layer, site, part) =>
            {
                var place = Layout.At(layer, site);
                tensors.Add(new(AdapterLayout.NameOf(layer, site, part, "A"), [Options.Rank, place.Inputs], A(layer, site, part)));
                tensors.Add(new(AdapterLayout.NameOf(layer, site, part, "B"), [place.OutputsOf(part), Options.Rank], B(layer, site, part)));
            }
        );
        return Safetensors.Write(
            tensors,
            (BaseKey, Base),
            (RankKey, Options.Rank.ToString(CultureInfo.InvariantCulture)),
            (AlphaKey, Options.Alpha.ToString("R", CultureInfo.InvariantCulture))
        );
    }

    /// <summary>
    /// The base that an adapter file names, or null if the file is no adapter of nano's; it may hold weights.
    /// </summary>
    /// <exception cref="FormatException">It is no safetensors file, or truncated.</exception>
    public static string? BaseOf(ReadOnlyMemory<byte> file) => Safetensors.Read(file, f => f.Metadata.GetValueOrDefault(BaseKey));

    /// <summary>Reads an adapter of a model of this shape.</summary>
    /// <exception cref="FormatException">
    /// Truncated, not a safetensors file, without its metadata, other tensors, or a number that is not finite; the
    /// message says what was expected.
    /// </exception>
    public static Adapter FromSafetensors(NanoConfig config, ReadOnlyMemory<byte> file) => Safetensors.Read(file, f =>
        {
            var adapter = Blank(config, f.Metadata);
            List<string> known = [];
            adapter.ForEach(
                (layer, site, part) =>
                    known.AddRange([AdapterLayout.NameOf(layer, site, part, "A"), AdapterLayout.NameOf(layer, site, part, "B")])
            );
            f.Only(known, $"an adapter of rank {adapter.Options.Rank} of {config}");
            adapter.ForEach(
                (layer, site, part) =>
                {
                    var (place, rank) = (adapter.Layout.At(layer, site), adapter.Options.Rank);
                    var values = new float[rank * place.Inputs];
                    f.CopyTo(AdapterLayout.NameOf(layer, site, part, "A"), [rank, place.Inputs], values);
                    adapter.PutA(layer, site, part, values);
                    values = new float[place.OutputsOf(part) * rank];
                    f.CopyTo(AdapterLayout.NameOf(layer, site, part, "B"), [place.OutputsOf(part), rank], values);
                    adapter.PutB(layer, site, part, values);
                }
            );
            return adapter;
        });

    /// <summary>
    /// The text of PEFT's adapter_config.json, UTF-8: together with <c>adapter_model.safetensors</c> it makes a folder
    /// that PEFT loads.
    /// </summary>
    /// <param name="model">The name or the folder of the base.</param>
    public byte[] ToPeftConfig(string model)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("peft_type", "LORA");
            json.WriteString("task_type", "CAUSAL_LM");
            json.WriteString("base_model_name_or_path", model);
            json.WriteNumber("r", Options.Rank);
            json.WriteNumber("lora_alpha", Options.Alpha);
            json.WriteNumber("lora_dropout", 0);
            json.WriteString("bias", "none");
            json.WriteBoolean("fan_in_fan_out", value: false);
            json.WriteBoolean("inference_mode", value: true);
            json.WriteStartArray("target_modules");
            foreach (var name in (string[])["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"])
                json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>One A, (rank, inputs), row-major.</summary>
    internal float[] A(int layer, Site site, int part)
    {
        var (place, result) = (Layout.At(layer, site), new float[Options.Rank * Layout.At(layer, site).Inputs]);
        for (var r = 0; r < Options.Rank; r++)
        {
            for (var i = 0; i < place.Inputs; i++)
                result[r * place.Inputs + i] = Values.Start[place.A + i * place.Low + part * Layout.PaddedRank + r];
        }

        return result;
    }

    /// <summary>One B, (outputs, rank), row-major.</summary>
    internal float[] B(int layer, Site site, int part)
    {
        var place = Layout.At(layer, site);
        var (outputs, b) = (place.OutputsOf(part), place.BOf(part));
        var result = new float[outputs * Options.Rank];
        for (var o = 0; o < outputs; o++)
        {
            for (var r = 0; r < Options.Rank; r++)
                result[o * Options.Rank + r] = Values.Start[b + r * outputs + o];
        }

        return result;
    }

    internal void PutA(int layer, Site site, int part, ReadOnlySpan<float> a)
    {
        var place = Layout.At(layer, site);
        for (var r = 0; r < Options.Rank; r++)
        {
            for (var i = 0; i < place.Inputs; i++)
                Values.Start[place.A + i * place.Low + part * Layout.PaddedRank + r] = a[r * place.Inputs + i];
        }
    }

    internal void PutB(int layer, Site site, int part, ReadOnlySpan<float> b)
    {
        var place = Layout.At(layer, site);
        var (outputs, to) = (place.OutputsOf(part), place.BOf(part));
        for (var o = 0; o < outputs; o++)
        {
            for (var r = 0; r < Options.Rank; r++)
                Values.Start[to + r * outputs + o] = b[o * Options.Rank + r];
        }
    }

    private static Adapter Blank(NanoConfig config, Dictionary<string, string> metadata)
    {
        if (metadata.GetValueOrDefault(BaseKey) is not { Length: 64 } baseDigest)
            throw new FormatException(
                $"safetensors: expected an adapter, whose metadata has \"{BaseKey}\", the SHA-256 of the weights that it belongs to"
            );
        if (
            !int.TryParse(metadata.GetValueOrDefault(RankKey), NumberStyles.None, CultureInfo.InvariantCulture, out var rank)
            || !double.TryParse(metadata.GetValueOrDefault(AlphaKey), NumberStyles.Float, CultureInfo.InvariantCulture, out var alpha)
        )
            throw new FormatException($"safetensors: expected an adapter's metadata to have the numbers \"{RankKey}\" and \"{AlphaKey}\"");
        try
        {
            return new Adapter(config, new AdapterOptions { Rank = rank, Alpha = alpha }, baseDigest);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"safetensors: this adapter is of no model of {config}: {e.Message}", e);
        }
    }
}
