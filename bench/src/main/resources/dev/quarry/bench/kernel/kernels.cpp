// Graph kernels over compressed sparse rows of 32-bit integers, as one writes them by hand in C++.
// The rival of `quarry bench kernels`; compiled by it where a compiler is present.
//
//   kernels FILE     reads a graph, then obeys lines of stdin: "KERNEL THREADS ARGUMENT"
//                    answers with a line: "NANOSECONDS CHECKSUM"
//
// FILE, little-endian: u32 nodes, u32 edges, u32 out starts (nodes + 1), u32 out targets, the same of
// the other direction.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <thread>
#include <vector>

using u32 = uint32_t;
using u64 = uint64_t;

struct Rows {
  std::vector<u32> starts, targets;
  u32 degree(u32 v) const { return starts[v + 1] - starts[v]; }
};

static u32 n;
static u64 edges;
static Rows out, in;
static int threads = 1;

template <typename Work>
static void share(u32 size, u32 grain, Work work) {
  if (threads == 1 || size <= grain) {
    if (size > 0) work(0, 0u, size);
    return;
  }
  std::atomic<u32> next{0};
  auto run = [&](int me) {
    for (u32 from = next.fetch_add(grain); from < size; from = next.fetch_add(grain))
      work(me, from, std::min(from + grain, size));
  };
  std::vector<std::thread> others;
  for (int i = 1; i < threads; i++) others.emplace_back(run, i);
  run(0);
  for (auto& other : others) other.join();
}

static bool claim(int32_t* cell, int32_t value) {
  int32_t expected = -1;
  return __atomic_compare_exchange_n(cell, &expected, value, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

static u64 bfs(u32 source) {
  std::vector<int32_t> depth(n, -1);
  std::vector<u32> queue(n);
  std::atomic<u32> queued{1};
  depth[source] = 0;
  queue[0] = source;
  u64 unlooked = edges;
  u32 start = 0;
  int level = 0;
  while (start < queued) {
    u32 end = queued;
    u64 scout = 0;
    for (u32 i = start; i < end; i++) scout += out.degree(queue[i]);
    if (end - start > 64 && scout > unlooked / 15) {
      std::vector<u64> frontier(n / 64 + 1), next(n / 64 + 1);
      for (u32 i = start; i < end; i++) frontier[queue[i] / 64] |= 1ull << (queue[i] & 63);
      u64 now = end - start, before;
      do {
        before = now;
        level++;
        std::atomic<u64> reached{0};
        share(n, 4096, [&](int, u32 from, u32 to) {
          u64 count = 0;
          std::fill(next.begin() + from / 64, next.begin() + (to + 63) / 64, 0);
          for (u32 v = from; v < to; v++)
            if (depth[v] == -1)
              for (u32 i = in.starts[v]; i < in.starts[v + 1]; i++) {
                u32 w = in.targets[i];
                if (frontier[w / 64] >> (w & 63) & 1) {
                  depth[v] = level;
                  next[v / 64] |= 1ull << (v & 63);
                  count++;
                  break;
                }
              }
          reached += count;
        });
        now = reached;
        frontier.swap(next);
      } while (now > 0 && (now >= before || now > n / 18));
      u32 at = queued;
      for (u32 v = 0; v < n; v++)
        if (frontier[v / 64] >> (v & 63) & 1) queue[at++] = v;
      queued = at;
      start = end;
    } else {
      unlooked -= scout;
      level++;
      bool shared = threads > 1 && end - start > 512;
      share(end - start, 512, [&](int, u32 from, u32 to) {
        std::vector<u32> found;
        for (u32 q = start + from; q < start + to; q++) {
          u32 v = queue[q];
          for (u32 i = out.starts[v]; i < out.starts[v + 1]; i++) {
            u32 w = out.targets[i];
            if (depth[w] == -1) {
              if (shared) {
                if (!claim(&depth[w], level)) continue;
              } else {
                depth[w] = level;
              }
              found.push_back(w);
            }
          }
        }
        if (!found.empty())
          memcpy(&queue[queued.fetch_add(found.size())], found.data(), found.size() * 4);
      });
      start = end;
    }
  }
  u64 sum = 0;
  for (u32 v = 0; v < n; v++) sum += (u64)(depth[v] + 1);
  return sum;
}

static u64 pagerank(int iterations) {
  std::vector<double> rank(n, 1.0 / n), inverse(n), share0(n), share1(n), lost(n / 4096 + 1);
  for (u32 v = 0; v < n; v++) {
    inverse[v] = out.degree(v) ? 1.0 / out.degree(v) : 0;
    share0[v] = rank[v] * inverse[v];
    lost[v / 4096] += out.degree(v) ? 0 : rank[v];
  }
  for (int k = 0; k < iterations; k++) {
    double all = 0;
    for (double one : lost) all += one;
    double everyone = (0.15 + 0.85 * all) / n;
    share(n, 4096, [&](int, u32 from, u32 to) {
      for (u32 piece = from; piece < to; piece += 4096) {
        double kept = 0;
        for (u32 v = piece; v < std::min(piece + 4096, to); v++) {
          double sum = 0;
          for (u32 i = in.starts[v]; i < in.starts[v + 1]; i++) sum += share0[in.targets[i]];
          rank[v] = everyone + 0.85 * sum;
          share1[v] = rank[v] * inverse[v];
          kept += inverse[v] == 0 ? rank[v] : 0;
        }
        lost[piece / 4096] = kept;
      }
    });
    share0.swap(share1);
  }
  double most = 0;
  for (u32 v = 0; v < n; v++) most = std::max(most, rank[v]);
  return (u64)(most * 1e9 + 0.5);
}

static void link(u32* sets, u32 a, u32 b) {
  u32 one = sets[a], other = sets[b];
  while (one != other) {
    u32 high = std::max(one, other), low = std::min(one, other), above = sets[high];
    if (above == low) return;
    u32 expected = high;
    if (above == high && __atomic_compare_exchange_n(&sets[high], &expected, low, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
      return;
    one = sets[sets[high]];
    other = sets[low];
  }
}

static u64 wcc() {
  std::vector<u32> sets(n);
  for (u32 v = 0; v < n; v++) sets[v] = v;
  auto flatten = [&](int, u32 from, u32 to) {
    for (u32 v = from; v < to; v++)
      while (sets[v] != sets[sets[v]]) sets[v] = sets[sets[v]];
  };
  share(n, 4096, [&](int, u32 from, u32 to) {
    for (u32 v = from; v < to; v++)
      for (u32 i = out.starts[v]; i < std::min(out.starts[v] + 2, out.starts[v + 1]); i++)
        link(sets.data(), v, out.targets[i]);
  });
  share(n, 4096, flatten);
  std::vector<u32> roots;
  u64 seed = 1;
  for (int i = 0; i < 1024; i++) {
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    roots.push_back(sets[(seed >> 33) % n]);
  }
  std::sort(roots.begin(), roots.end());
  u32 best = 0, bestVotes = 0, votes = 0;
  for (size_t i = 0; i < roots.size(); i++) {
    votes = i > 0 && roots[i] == roots[i - 1] ? votes + 1 : 1;
    if (votes > bestVotes) bestVotes = votes, best = roots[i];
  }
  share(n, 4096, [&](int, u32 from, u32 to) {
    for (u32 v = from; v < to; v++)
      if (sets[v] != best) {
        for (u32 i = out.starts[v]; i < out.starts[v + 1]; i++) link(sets.data(), v, out.targets[i]);
        for (u32 i = in.starts[v]; i < in.starts[v + 1]; i++) link(sets.data(), v, in.targets[i]);
      }
  });
  share(n, 4096, flatten);
  u64 sum = 0;
  for (u32 v = 0; v < n; v++) sum += sets[v];
  return sum;
}

// The lists in both directions merged, ordered by degree, and compared by marks.
static u64 triangles() {
  std::vector<u64> order(n);
  for (u32 v = 0; v < n; v++) order[v] = (u64)(0x7FFFFFFF - out.degree(v) - in.degree(v)) << 32 | v;
  std::sort(order.begin(), order.end());
  std::vector<u32> number(n);
  for (u32 i = 0; i < n; i++) number[(u32)order[i]] = i;
  std::vector<std::vector<u32>> lower(n);
  share(n, 4096, [&](int, u32 from, u32 to) {
    std::vector<u32> found;
    for (u32 v = from; v < to; v++) {
      found.clear();
      for (const Rows* rows : {&out, &in})
        for (u32 i = rows->starts[v]; i < rows->starts[v + 1]; i++)
          if (number[rows->targets[i]] < number[v]) found.push_back(number[rows->targets[i]]);
      std::sort(found.begin(), found.end());
      found.erase(std::unique(found.begin(), found.end()), found.end());
      lower[number[v]] = found;
    }
  });
  std::atomic<u64> total{0};
  std::vector<std::vector<u64>> marks(threads, std::vector<u64>(n / 64 + 1));
  share(n, 4096, [&](int me, u32 from, u32 to) {
    u64 found = 0;
    u64* mark = marks[me].data();
    for (u32 v = from; v < to; v++) {
      for (u32 w : lower[v]) mark[w / 64] |= 1ull << (w & 63);
      for (u32 w : lower[v])
        for (u32 x : lower[w]) found += mark[x / 64] >> (x & 63) & 1;
      for (u32 w : lower[v]) mark[w / 64] = 0;
    }
    total += found;
  });
  return total;
}

static u64 within(u32 source, int hops) {
  std::vector<u64> met(n / 64 + 1);
  std::vector<u32> level{source}, next;
  met[source / 64] |= 1ull << (source & 63);
  u64 count = 0;
  for (int hop = 1; hop <= hops; hop++) {
    next.clear();
    for (u32 v : level)
      for (u32 i = out.starts[v]; i < out.starts[v + 1]; i++) {
        u32 w = out.targets[i];
        if (!(met[w / 64] >> (w & 63) & 1)) {
          met[w / 64] |= 1ull << (w & 63);
          count++;
          if (hop < hops) next.push_back(w);
        }
      }
    level.swap(next);
  }
  return count;
}

static void read(FILE* file, std::vector<u32>& into, size_t count) {
  into.resize(count);
  if (fread(into.data(), 4, count, file) != count) {
    fprintf(stderr, "the graph ends early\n");
    exit(2);
  }
}

int main(int count, char** words) {
  FILE* file = count > 1 ? fopen(words[1], "rb") : nullptr;
  if (!file) {
    fprintf(stderr, "usage: kernels FILE\n");
    return 2;
  }
  std::vector<u32> head;
  read(file, head, 2);
  n = head[0];
  edges = head[1];
  read(file, out.starts, n + 1);
  read(file, out.targets, edges);
  read(file, in.starts, n + 1);
  read(file, in.targets, edges);
  fclose(file);
  char kernel[32];
  long argument;
  while (scanf("%31s %d %ld", kernel, &threads, &argument) == 3) {
    std::string name = kernel;
    auto start = std::chrono::steady_clock::now();
    u64 sum = name == "bfs" ? bfs(argument)
        : name == "pagerank" ? pagerank(argument)
        : name == "wcc" ? wcc()
        : name == "triangles" ? triangles()
        : within(argument >> 8, argument & 255);
    auto nanos = std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::steady_clock::now() - start).count();
    printf("%lld %llu\n", (long long)nanos, (unsigned long long)sum);
    fflush(stdout);
  }
}
