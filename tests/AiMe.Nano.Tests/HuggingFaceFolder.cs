using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiMe.Nano.Tokens;

namespace AiMe.Nano.Tests;

/// <summary>Writes a folder as Hugging Face's software does: any shape, number form, and number of files.</summary>
internal static class HuggingFaceFolder
{
    private const string Text =
        "I am AiMe, and I answer. What do you remember of yesterday? I remember the grey morning, and that I was calm. "
        + "system user assistant Say something. How does this answer serve your goals? I try to understand the world.";

    /// <summary>A small byte-level tokenizer.</summary>
    /// <param name="vocabulary">Ids that text is encoded to, at most.</param>
    /// <param name="all">Ids in all.</param>
    public static byte[] Tokenizer(int vocabulary, int all, params string[] specials)
    {
        var own = Tokens.Tokenizer.Train([Text, Text], vocabulary, [.. Enumerable.Range(0, specials.Length).Select(i => $"<|s{i}|>")]);
        var json = Encoding.UTF8.GetString(own.ToJson());
        for (var i = 0; i < specials.Length; i++)
            json = json.Replace($"<|s{i}|>", specials[i], StringComparison.Ordinal);
        var node = JsonNode.Parse(json)!;
        // Beyond what merges make, words that no text is encoded to, so that every id has a text.
        var words = node["model"]!["vocab"]!.AsObject();
        for (var id = words.Count; id < all; id++)
            words[$"w{id}"] = id;
        node["pre_tokenizer"] = JsonNode.Parse("""{"type": "ByteLevel", "add_prefix_space": false, "use_regex": true}""");
        return Encoding.UTF8.GetBytes(node.ToJsonString());
    }

    /// <summary>Writes a chat model of chatml.</summary>
    /// <param name="type">F32, F16 or BF16.</param>
    /// <param name="files">Number of weight files.</param>
    /// <returns>The weights as they are read back: in bf16 and f16 they are rounded.</returns>
    public static Weights Write(string directory, Weights weights, string type = "F32", int files = 1, bool chat = true)
    {
        Directory.CreateDirectory(directory);
        var config = JsonNode.Parse(weights.Config.ToJson())!;
        config["eos_token_id"] = 0;
        File.WriteAllText(Path.Combine(directory, "config.json"), config.ToJsonString());
        if (weights.Config.Vocabulary > 300) // else of weights alone
            File.WriteAllBytes(
                Path.Combine(directory, "tokenizer.json"),
                Tokenizer(
                    Math.Min(weights.Config.Vocabulary, 400),
                    weights.Config.Vocabulary,
                    "<|endoftext|>",
                    "<|im_start|>",
                    "<|im_end|>"
                )
            );
        if (chat)
            File.WriteAllText(
                Path.Combine(directory, "tokenizer_config.json"),
                """
                {"chat_template": "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n'}}{% endfor %}",
                 "eos_token": "<|im_end|>"}
                """
            );
        var rounded = weights.Values.ToArray();
        var tensors = weights.Tensors.Chunk((weights.Tensors.Count + files - 1) / files).ToArray();
        JsonObject map = [];
        for (var f = 0; f < tensors.Length; f++)
        {
            var name = files == 1 ? "model.safetensors" : $"model-{f + 1:D5}-of-{files:D5}.safetensors";
            File.WriteAllBytes(Path.Combine(directory, name), FileOf(tensors[f], rounded, type));
            foreach (var tensor in tensors[f])
                map[tensor.Name] = name;
        }

        if (files > 1)
            File.WriteAllText(
                Path.Combine(directory, "model.safetensors.index.json"),
                new JsonObject { ["weight_map"] = map }.ToJsonString()
            );
        return new Weights(weights.Config, rounded);
    }

    private static byte[] FileOf(TensorPlace[] tensors, float[] values, string type)
    {
        var size = type == "F32" ? 4 : 2;
        JsonObject header = [];
        long at = 0;
        foreach (var tensor in tensors)
        {
            header[tensor.Name] = new JsonObject
            {
                ["dtype"] = type,
                ["shape"] = new JsonArray([
                    .. (tensor.IsVector ? [tensor.Columns] : new[] { tensor.Rows, tensor.Columns }).Select(n => (JsonNode)n),
                ]),
                ["data_offsets"] = new JsonArray(at, at += (long)tensor.Length * size),
            };
        }

        var head = Encoding.UTF8.GetBytes(header.ToJsonString());
        var file = new byte[8 + head.Length + at];
        BinaryPrimitives.WriteInt64LittleEndian(file, head.Length);
        head.CopyTo(file, 8);
        var data = file.AsSpan(8 + head.Length);
        foreach (var tensor in tensors)
        {
            foreach (ref var value in values.AsSpan(tensor.Offset, tensor.Length))
            {
                switch (type)
                {
                    case "F32":
                        BinaryPrimitives.WriteSingleLittleEndian(data, value);
                        break;
                    case "F16":
                        BinaryPrimitives.WriteHalfLittleEndian(data, (Half)value);
                        value = (float)(Half)value;
                        break;
                    default:
                        var upper = (ushort)(BitConverter.SingleToInt32Bits(value) >> 16);
                        BinaryPrimitives.WriteUInt16LittleEndian(data, upper);
                        value = BitConverter.Int32BitsToSingle(upper << 16);
                        break;
                }

                data = data[size..];
            }
        }

        return file;
    }
}
