// SPDX-License-Identifier: MIT

// make_tree writes the databases of the benchmarks with the real bbolt library.
package main

import (
	"encoding/binary"
	"flag"
	"fmt"
	"math/rand"
	"os"

	bolt "go.etcd.io/bbolt"
)

func main() {
	out := flag.String("out", "", "file to write; must not exist")
	pages := flag.Int("pages", 1000000, "pages wanted; the tree gets at least so many")
	pageSize := flag.Int("page-size", 4096, "bytes")
	valueSize := flag.Int("value-size", 180, "bytes of each value")
	perTx := flag.Int("per-tx", 200000, "keys a transaction")
	buckets := flag.Int("buckets", 4, "top-level buckets that share the keys")
	shuffle := flag.Bool("shuffle", false, "put the keys in random order: leaves lie scattered")
	flag.Parse()
	if err := run(*out, *pages, *pageSize, *valueSize, *perTx, *buckets, *shuffle); err != nil {
		fmt.Fprintln(os.Stderr, "make_tree:", err)
		os.Exit(1)
	}
}

func run(out string, pages, pageSize, valueSize, perTx, buckets int, shuffle bool) error {
	if _, err := os.Stat(out); out == "" || err == nil {
		return fmt.Errorf("--out must name a file that does not exist")
	}
	// No sync: the file is thrown away if the machine goes down.
	db, err := bolt.Open(out, 0o644, &bolt.Options{PageSize: pageSize, NoSync: true,
		NoGrowSync: true, FreelistType: bolt.FreelistMapType})
	if err != nil {
		return err
	}
	defer db.Close()
	random := rand.New(rand.NewSource(1))
	value := make([]byte, valueSize)
	next := uint64(0)
	for {
		used := int64(0)
		err := db.Update(func(tx *bolt.Tx) error {
			for i := 0; i < perTx; i++ {
				bucket, err := tx.CreateBucketIfNotExists([]byte(fmt.Sprintf("bucket-%d", i%buckets)))
				if err != nil {
					return err
				}
				bucket.FillPercent = 0.9
				id := next
				if shuffle {
					id = random.Uint64()
				}
				key := make([]byte, 8)
				binary.BigEndian.PutUint64(key, id)
				next++
				random.Read(value)
				if err := bucket.Put(key, append([]byte(nil), value...)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		free := db.Stats().FreePageN + db.Stats().PendingPageN
		err = db.View(func(tx *bolt.Tx) error {
			used = tx.Size()/int64(pageSize) - int64(free)
			return nil
		})
		if err != nil {
			return err
		}
		if used >= int64(pages) {
			fmt.Printf("%s: %d keys, %d pages in use, %d free, %d bytes a page\n", out, next, used, free, pageSize)
			return nil
		}
	}
}
