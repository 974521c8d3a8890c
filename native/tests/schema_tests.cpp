// Holds the header equal to mev-engine-stream.xml, and checks the golden vectors of tests/golden/v1 in both directions.
#include "check.hpp"
#include "schema.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace {

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) check::fail(__FILE__, __LINE__, "cannot read " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// name="value" of a tag; the schema is ours, so this much of XML is enough.
std::string attribute(const std::string& tag, const std::string& name) {
  const std::size_t at = tag.find(" " + name + "=\"");
  if (at == std::string::npos) return {};
  const std::size_t from = at + name.size() + 3;
  return tag.substr(from, tag.find('"', from) - from);
}

std::vector<std::string> tags(const std::string& xml) {
  std::vector<std::string> all;
  for (std::size_t at = xml.find('<'); at != std::string::npos; at = xml.find('<', at + 1)) {
    if (xml.compare(at, 4, "<!--") == 0) at = xml.find("-->", at);
    all.push_back(xml.substr(at, xml.find('>', at) - at + 1));
  }
  return all;
}

const std::string xml_path = std::string(MEV_SOURCE) + "/mev-engine-stream.xml";
const std::string golden = std::string(MEV_SOURCE) + "/../tests/golden/v1/";

std::string hex(mev::ByteView bytes) {
  static const char digits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text += digits[bytes.data()[i] >> 4];
    text += digits[bytes.data()[i] & 15];
    if (i % 32 == 31 || i + 1 == bytes.size()) text += '\n';
  }
  return text;
}

std::vector<std::uint8_t> unhex(const std::string& text) {
  std::string digits;
  for (const char c : text)
    if (std::isxdigit(static_cast<unsigned char>(c)) != 0) digits += c;
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) bytes.push_back(static_cast<std::uint8_t>(std::stoul(digits.substr(i, 2), nullptr, 16)));
  return bytes;
}

using Values = std::vector<std::pair<std::string, std::string>>;

struct Message {
  std::string name, group;
  std::uint64_t sequence = 0, time = 0;
  Values block;
  std::vector<Values> entries;
  Values data;
};

// tests/golden/v1/manifest.txt says what its lines mean.
std::vector<Message> manifest() {
  std::vector<Message> all;
  std::istringstream lines(read_text(golden + "manifest.txt"));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string kind, name, value;
    words >> kind >> name;
    if (kind == "message") {
      all.emplace_back();
      all.back().name = name;
      words >> all.back().sequence >> all.back().time;
    } else if (kind == "group") {
      all.back().group = name;
    } else if (kind == "entry") {
      all.back().entries.emplace_back();
    } else if (kind == "field") {
      words >> value;
      (all.back().entries.empty() ? all.back().block : all.back().entries.back()).emplace_back(name, value);
    } else if (kind == "data") {
      words >> value;
      all.back().data.emplace_back(name, value);
    } else {
      CHECK(kind.empty() || kind[0] == '#');
    }
  }
  return all;
}

std::vector<const schema::Field*> fields_of(const std::string& parent) {
  std::vector<const schema::Field*> found;
  for (const auto& field : schema::fields())
    if (field.parent == parent) found.push_back(&field);
  return found;
}

void set(std::uint8_t* at, const schema::Field& field, const std::string& text) {
  if (field.kind == schema::Kind::Bytes) {
    const auto bytes = unhex(text.substr(1));
    CHECK_EQ(bytes.size(), field.size);
    std::memcpy(at, bytes.data(), bytes.size());
  } else if (field.kind == schema::Kind::Real) {
    const double value = std::strtod(text.c_str(), nullptr);
    if (field.size == 4)
      mev::detail::store(at, static_cast<float>(value));
    else
      mev::detail::store(at, value);
  } else {
    const std::uint64_t value =
        field.kind == schema::Kind::Signed ? static_cast<std::uint64_t>(std::stoll(text)) : std::stoull(text);
    std::memcpy(at, &value, field.size);
  }
}

template <class T>
T make(const std::string& parent, const Values& values) {
  std::uint8_t bytes[sizeof(T)]{};
  const auto fields = fields_of(parent);
  CHECK_EQ(values.size(), fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    CHECK_EQ(values[i].first, fields[i]->name);
    set(bytes + fields[i]->offset, *fields[i], values[i].second);
  }
  T value;
  std::memcpy(static_cast<void*>(&value), bytes, sizeof value);
  return value;
}

template <class T>
void check_equal(const T& actual, const T& expected, const std::string& parent) {
  for (const auto* field : fields_of(parent)) {
    if (std::memcmp(reinterpret_cast<const std::uint8_t*>(&actual) + field->offset, reinterpret_cast<const std::uint8_t*>(&expected) + field->offset,
                    field->size) != 0)
      check::fail(__FILE__, __LINE__, parent + "." + field->name + " was read as another value");
  }
}

template <class Block, class Entry>
void check_golden(const Message& message, bool write) {
  const Block block = make<Block>(message.name, message.block);
  std::vector<std::uint8_t> buffer(4096, 0xEE);
  mev::FrameWriter writer(buffer.data(), buffer.size());
  writer.block(block);
  const std::string parent = message.name + "." + message.group;
  if constexpr (!std::is_same_v<Entry, std::nullptr_t>) {
    std::vector<Entry> entries;
    for (const auto& values : message.entries) entries.push_back(make<Entry>(parent, values));
    writer.group(mev::Span<const Entry>(entries));
  }
  for (const auto& [name, value] : message.data) writer.data(unhex(value.substr(1)));
  const std::size_t length = writer.complete(message.sequence, message.time);
  CHECK(length > 0);
  const mev::ByteView frame(buffer.data(), length);
  const std::string path = golden + message.name + ".hex";
  if (write) {
    std::ofstream(path) << hex(frame);
    return;
  }
  CHECK_EQ(hex(frame), read_text(path));

  // And back: read from the file, every field by its name.
  const auto bytes = unhex(read_text(path));
  CHECK(mev::FrameReader::check(bytes) == mev::FrameError::None);
  const auto header = mev::detail::load<mev::FrameHeader>(bytes.data());
  CHECK_EQ(header.sequence, message.sequence);
  CHECK_EQ(header.engine_time, message.time);
  CHECK_EQ(header.version, mev::SchemaVersion);
  mev::BodyReader body(bytes);
  Block read;
  CHECK(body.block(read));
  check_equal(read, block, message.name);
  if constexpr (!std::is_same_v<Entry, std::nullptr_t>) {
    mev::GroupView<Entry> entries;
    CHECK(body.group(entries));
    CHECK_EQ(entries.size(), message.entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) check_equal(entries[i], make<Entry>(parent, message.entries[i]), parent);
  }
  for (const auto& [name, value] : message.data) {
    mev::ByteView data;
    CHECK(body.data(data));
    CHECK_EQ(hex(data), hex(unhex(value.substr(1))));
  }
}

}  // namespace

TEST(schema_every_field_of_the_xml_is_in_the_header_at_its_offset) {
  std::map<std::string, std::size_t> sizes{{"uint8", 1}, {"uint16", 2}, {"uint32", 4}, {"uint64", 8}, {"int64", 8}, {"float", 4}, {"double", 8}};
  std::set<std::string> described;
  std::map<std::string, std::size_t> lengths;
  std::string message, parent;
  bool in_composite = false;
  for (const std::string& tag : tags(read_text(xml_path))) {
    const std::string name = attribute(tag, "name");
    if (tag.rfind("<composite", 0) == 0) in_composite = true;
    if (tag == "</composite>") in_composite = false;
    if (tag.rfind("<type ", 0) == 0 && !in_composite)
      sizes[name] = sizes.at(attribute(tag, "primitiveType")) * std::stoul(attribute(tag, "length"));
    if (tag.rfind("<enum", 0) == 0 || tag.rfind("<set", 0) == 0) sizes[name] = sizes.at(attribute(tag, "encodingType"));
    if (tag.rfind("<sbe:message ", 0) == 0) {
      message = parent = name;
      lengths[name + " " + attribute(tag, "id")] = std::stoul(attribute(tag, "blockLength"));
    }
    if (tag.rfind("<group", 0) == 0) {
      parent = message + "." + name;
      lengths[parent] = std::stoul(attribute(tag, "blockLength"));
    }
    if (tag == "</group>") parent = message;
    if (tag.rfind("<field", 0) == 0)
      described.insert(parent + " " + name + " " + attribute(tag, "offset") + " " + std::to_string(sizes.at(attribute(tag, "type"))));
  }
  std::set<std::string> actual;
  for (const auto& field : schema::fields())
    actual.insert(field.parent + " " + field.name + " " + std::to_string(field.offset) + " " + std::to_string(field.size));
  CHECK(described.size() > 200);
  for (const auto& line : described)
    if (actual.count(line) == 0) check::fail(__FILE__, __LINE__, "the header lacks: " + line);
  for (const auto& line : actual)
    if (described.count(line) == 0) check::fail(__FILE__, __LINE__, "the XML lacks: " + line);

  std::size_t messages = 0;
  schema::for_each_message([&](const std::string& name, auto block, auto entry) {
    using Block = decltype(block);
    CHECK_EQ(lengths.at(name + " " + std::to_string(Block::TemplateId)), sizeof(Block));
    if constexpr (!std::is_same_v<decltype(entry), std::nullptr_t>) {
      const auto group = std::find_if(lengths.begin(), lengths.end(), [&](const auto& l) { return l.first.rfind(name + ".", 0) == 0; });
      CHECK(group != lengths.end());
      CHECK_EQ(group->second, sizeof(entry));
      ++messages;
    }
    ++messages;
  });
  CHECK_EQ(messages, lengths.size());
}

TEST(schema_every_enumerator_of_the_xml_is_in_the_header_with_its_value) {
  std::map<std::string, std::size_t> sizes{{"uint8", 1}, {"uint16", 2}, {"uint32", 4}};
  std::set<std::string> described;
  std::string type, size;
  const std::string xml = read_text(xml_path);
  for (std::size_t at = xml.find('<'); at != std::string::npos; at = xml.find('<', at + 1)) {
    const std::string tag = xml.substr(at, xml.find('>', at) - at + 1);
    if (tag.rfind("<enum", 0) == 0 || tag.rfind("<set", 0) == 0) {
      type = attribute(tag, "name");
      size = std::to_string(sizes.at(attribute(tag, "encodingType")));
    }
    const bool is_choice = tag.rfind("<choice", 0) == 0;
    if (!is_choice && tag.rfind("<validValue", 0) != 0) continue;
    const std::size_t from = at + tag.size();
    const unsigned long long value = std::stoull(xml.substr(from, xml.find('<', from) - from));
    std::string name = attribute(tag, "name");
    name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
    described.insert(type + " " + name + " " + std::to_string(is_choice ? 1ull << value : value) + " " + size);
  }
  std::set<std::string> actual;
  for (const auto& e : schema::enumerators()) actual.insert(std::string(e.type) + " " + e.name + " " + std::to_string(e.value) + " " + std::to_string(e.size));
  CHECK(described.size() > 150);
  CHECK(actual == described);
}

TEST(golden_vectors_are_what_the_writer_makes_and_read_back_field_by_field) {
  const bool write = std::getenv("MEV_WRITE_GOLDEN") != nullptr;
  const auto messages = manifest();
  std::size_t checked = 0;
  schema::for_each_message([&](const std::string& name, auto block, auto entry) {
    const auto found = std::find_if(messages.begin(), messages.end(), [&](const Message& m) { return m.name == name; });
    if (found == messages.end()) check::fail(__FILE__, __LINE__, "the manifest lacks " + name);
    check_golden<decltype(block), decltype(entry)>(*found, write);
    ++checked;
  });
  CHECK_EQ(checked, messages.size());
}

TEST(readme_shows_the_example_that_compiles) {
  const std::string readme = read_text(std::string(MEV_SOURCE) + "/README.md");
  const std::string example = read_text(std::string(MEV_SOURCE) + "/examples/minimal_engine.cpp");
  CHECK(readme.find("```cpp\n" + example + "```\n") != std::string::npos);
  CHECK(std::count(example.begin(), example.end(), '\n') <= 20);
}
